package io.tallygate.routing.outbound;

import java.time.Duration;

/**
 * When something must be over, however many exchanges it takes.
 *
 * @param endNanos on the clock of {@link System#nanoTime()}
 */
public record Deadline(long endNanos) {
    /** So long from now. */
    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** What is left, in milliseconds; 0 when it is over. */
    public long leftMillis() {
        return Math.max(0, (endNanos - System.nanoTime()) / 1_000_000);
    }
}
