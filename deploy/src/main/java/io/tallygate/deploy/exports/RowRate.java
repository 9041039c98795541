package io.tallygate.deploy.exports;

import io.tallygate.deploy.client.CommandProgress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Tells how many rows have come, and how fast, at most five times a second. */
final class RowRate {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final CommandProgress progress;
    private final Clock clock;
    private final long startRows;
    private final Instant start;
    private Instant last;

    RowRate(CommandProgress progress, Clock clock, long startRows) {
        this.progress = progress;
        this.clock = clock;
        this.startRows = startRows;
        this.start = clock.instant();
        this.last = start;
    }

    /** So many rows are there. */
    void advanced(long rows) {
        Instant now = clock.instant();
        if (Duration.between(last, now).compareTo(INTERVAL) >= 0) {
            last = now;
            tell(rows, now);
        }
    }

    /** These are all. */
    void done(long rows) {
        tell(rows, clock.instant());
    }

    private void tell(long rows, Instant now) {
        long millis = Math.max(1, Duration.between(start, now).toMillis());
        long perSecond = Math.round((rows - startRows) * 1e3 / millis);
        progress.advanced(rows, String.format(Locale.ROOT, "%,d rows/s", perSecond));
    }
}
