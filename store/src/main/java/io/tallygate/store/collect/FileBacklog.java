package io.tallygate.store.collect;

import java.time.Duration;
import java.time.Instant;

/**
 * The files of a source that usage is not taken from yet.
 *
 * @param registered whether its registration is there
 * @param incomplete those that are not all there
 * @param waiting those that are, and nothing is wrong with
 * @param underWay those that a gateway is at
 * @param failed those that could not be taken; they are tried again
 * @param oldest since when the one that waits longest is as it is, whatever it waits for; null if there is none
 * @param now the database clock
 */
public record FileBacklog(
        String source,
        boolean registered,
        long incomplete,
        long waiting,
        long underWay,
        long failed,
        Instant oldest,
        Instant now) {
    /** How long the one waits that waits longest; zero if there is none. */
    public Duration age() {
        return oldest == null || oldest.isAfter(now) ? Duration.ZERO : Duration.between(oldest, now);
    }
}
