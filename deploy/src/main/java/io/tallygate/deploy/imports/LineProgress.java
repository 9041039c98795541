package io.tallygate.deploy.imports;

import io.tallygate.deploy.client.Excerpt;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Progress as a plain line every ten seconds. */
final class LineProgress implements ImportProgress {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final InputFile file;
    private final PrintWriter err;
    private final Clock clock;
    private Instant last;

    LineProgress(InputFile file, PrintWriter err, Clock clock) {
        this.file = file;
        this.err = err;
        this.clock = clock;
        this.last = clock.instant();
    }

    @Override
    public void advanced(long bytes, long records) {
        Instant now = clock.instant();
        if (Duration.between(last, now).compareTo(INTERVAL) >= 0) {
            last = now;
            notice(100 * bytes / Math.max(file.size(), 1) + " %, " + records + " records");
        }
    }

    @Override
    public void notice(String text) {
        err.println(Excerpt.oneLine(file.name()) + ": " + text);
        err.flush();
    }

    @Override
    public void close() {
        err.flush();
    }
}
