package io.tallygate.deploy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.tallygate.deploy.config.LogLevel;
import org.slf4j.LoggerFactory;

/** How much this process logs. */
final class LogLevels {
    private LogLevels() {}

    /** Logs so much from now on. */
    static void set(LogLevel level) {
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.valueOf(level.name()));
        }
    }
}
