package io.tallygate.deploy.config;

import java.time.Duration;

/**
 * What becomes of usage with time.
 *
 * @param keep usage older than this is rejected
 * @param enabled whether months that are older are dropped by themselves; if so {@code keep} is 62 days at least
 */
public record RetentionConfig(Duration keep, boolean enabled) {
    /** The least that usage can be kept where it is dropped. */
    public static final Duration LEAST = Duration.ofDays(62);
}
