package io.tallygate.deploy.client;

import io.tallygate.gateway.http.Excerpt;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Progress as a plain line every ten seconds. */
final class LineProgress implements CommandProgress {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Task task;
    private final PrintWriter err;
    private final Clock clock;
    private final Instant start;
    private Instant last;

    LineProgress(Task task, PrintWriter err, Clock clock) {
        this.task = task;
        this.err = err;
        this.clock = clock;
        this.start = clock.instant();
        this.last = start;
    }

    @Override
    public void advanced(long done, String detail) {
        Instant now = clock.instant();
        if (Duration.between(last, now).compareTo(INTERVAL) >= 0) {
            last = now;
            notice(100 * done / Math.max(task.end(), 1) + " %, " + detail + left(done, Duration.between(start, now)));
        }
    }

    @Override
    public void notice(String text) {
        err.println(Excerpt.oneLine(task.name()) + ": " + text);
        err.flush();
    }

    @Override
    public void close() {
        err.flush();
    }

    private String left(long done, Duration elapsed) {
        long now = done - task.start();
        double seconds = now == 0 ? 0 : (double) elapsed.toSeconds() * (task.end() - done) / now;
        return now == 0 ? "" : ", about " + Math.round(seconds) + " s left";
    }
}
