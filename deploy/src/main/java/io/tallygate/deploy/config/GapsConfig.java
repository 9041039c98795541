package io.tallygate.deploy.config;

import java.time.Duration;

/**
 * How missing usage is looked for.
 *
 * @param patience how long after an hour its usage may come
 * @param reach how far back gaps are found
 * @param interval how often it is looked
 */
public record GapsConfig(Duration patience, Duration reach, Duration interval) {
    /** As usual. */
    public static final GapsConfig DEFAULT =
            new GapsConfig(Duration.ofHours(6), Duration.ofDays(14), Duration.ofMinutes(5));
}
