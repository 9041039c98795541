package io.tallygate.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** Everything that this process logs while it is open. */
public final class CapturedLog implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level usual = root.getLevel();
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    /** Listens from now on, to what a gateway logs: tests show less. */
    public CapturedLog() {
        root.setLevel(Level.INFO);
        appender.start();
        root.addAppender(appender);
    }

    /** The messages so far. */
    public List<String> messages() {
        return events().stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** What the lines of this logger say beside their message, by name, in the order of the lines. */
    public List<Map<String, Object>> fields(String logger) {
        return events().stream()
                .filter(event -> event.getLoggerName().equals(logger))
                .map(event -> event.getKeyValuePairs().stream()
                        .collect(Collectors.toMap(pair -> pair.key, pair -> pair.value)))
                .toList();
    }

    /** Holds the log to no stack traces and no errors. */
    public void assertCalm() {
        assertThat(events())
                .as("no stack traces and no errors in the log")
                .noneMatch(event -> event.getThrowableProxy() != null)
                .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR));
    }

    private List<ILoggingEvent> events() {
        // The appender adds under its own monitor.
        synchronized (appender) {
            return List.copyOf(appender.list);
        }
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        root.setLevel(usual);
    }
}
