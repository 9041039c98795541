package io.tallygate.store.collect;

import java.time.Instant;

/**
 * A window of a source, and what became of it.
 *
 * @param from in the time at which the source reported, inclusive
 * @param to exclusive
 * @param state where it is on its way
 * @param attempts how often it was claimed
 * @param nextAttemptAt when it may be pulled next; null if it need not be
 * @param collectedAt when all of it was here; null before
 * @param counts of all its pulls that ended well; null before the first
 * @param problem why a record of its last pull was refused; null if none was
 */
public record CollectedWindow(
        Instant from,
        Instant to,
        State state,
        int attempts,
        Instant nextAttemptAt,
        Instant collectedAt,
        CollectCounts counts,
        String problem) {
    /** How far a window is; the names are those of the API. */
    public enum State {
        /** To be pulled, or pulled again. */
        waiting,
        /** A gateway is at it. */
        underWay,
        /** All of it is here. */
        collected
    }

    /** Which windows are meant; the names are those of the API. */
    public enum Filter {
        /** Those that are not collected, or to be pulled again. */
        open,
        /** Those of which a record was refused. */
        problem
    }
}
