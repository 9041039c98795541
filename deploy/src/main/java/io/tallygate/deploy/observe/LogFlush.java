package io.tallygate.deploy.observe;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** The end of the log. */
public final class LogFlush {
    private LogFlush() {}

    /** Waits up to a second until all lines are written; nothing is logged after it. */
    public static void now() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
