package io.tallygate.deploy.client;

import io.tallygate.gateway.http.Excerpt;
import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress as a bar on a terminal. */
final class BarProgress implements CommandProgress {
    private static final int WIDTH = 79;

    private final ProgressBar bar;
    private final PrintWriter err;

    /**
     * Shows a bar on the standard error stream.
     *
     * @param err the same stream, for notices
     */
    BarProgress(Task task, PrintWriter err) {
        this.err = err;
        this.bar = new ProgressBarBuilder()
                .setTaskName(Excerpt.oneLine(task.name()))
                .setInitialMax(task.end())
                .setUnit(task.unit(), task.unitSize())
                .startsFrom(task.start(), Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                // Not the default one, which sets the terminal up so that Ctrl-C no longer runs shutdown hooks.
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                .build();
    }

    @Override
    public void advanced(long done, String detail) {
        bar.stepTo(done);
        bar.setExtraMessage(" " + detail);
    }

    @Override
    public void notice(String text) {
        err.println();
        err.println(text);
        err.flush();
    }

    @Override
    public void close() {
        bar.close();
    }
}
