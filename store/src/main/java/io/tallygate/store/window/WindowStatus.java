package io.tallygate.store.window;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How far the windows are; all times are whole UTC hours.
 *
 * @param now the database clock
 * @param firstHour the first window; null before the first one was closed
 * @param closedThrough windows before it take no more records; null likewise
 * @param sealedThrough windows before it are aggregated and never change again; null likewise
 */
public record WindowStatus(Instant now, Instant firstHour, Instant closedThrough, Instant sealedThrough) {
    /** Days before it are sealed: a day is when its 24 hours are. Null before the first window was closed. */
    public Instant dailySealedThrough() {
        return sealedThrough == null ? null : sealedThrough.truncatedTo(ChronoUnit.DAYS);
    }

    /** The window that records join now. */
    public Instant openHour() {
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        return closedThrough != null && closedThrough.isAfter(hour) ? closedThrough : hour;
    }
}
