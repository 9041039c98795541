package io.tallygate.deploy.demo;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Help.Ansi;

/** How far some work is: a bar for a person, a line now and then for a log. */
final class Progress implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final int LOG_STEPS = 5;

    private final String task;
    private final long total;
    private final ProgressBar bar;
    private long done;
    private long logged;

    /** Starts to show this task, on the standard error stream. */
    Progress(String task, String unit, long total) {
        this.task = task;
        this.total = Math.max(1, total);
        // picocli knows a terminal from a file on every Java; System.console() does not.
        this.bar = !Ansi.AUTO.enabled()
                ? null
                : new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(total)
                        .setUnit(" " + unit, 1)
                        .setUpdateIntervalMillis(200)
                        .build();
    }

    /** That much more is done. */
    void add(long amount) {
        done += amount;
        if (bar != null) {
            bar.stepTo(done);
        } else if (done * LOG_STEPS / total > logged) {
            logged = done * LOG_STEPS / total;
            LOG.info("{}: {} %", task, done * 100 / total);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
