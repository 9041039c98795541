package io.tallygate.routing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tallygate.routing.commerce.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingObserverTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(LoggingObserver.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong now = new AtomicLong();
    private final LoggingObserver observer = new LoggingObserver(now::get);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void saysTheFirstAtOnceAndThenSumsEachMinute() {
        observer.attempted("a", Outcome.Accepted, 2, null);
        observer.attempted("a", Outcome.Accepted, 3, null);
        observer.attempted("a", Outcome.Error, 1, "answered 500");
        observer.attempted("b", Outcome.Accepted, 7, null);
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        observer.attempted("a", Outcome.Accepted, 4, null);
        observer.attempted("a", Outcome.Accepted, 5, null);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Endpoint a: Accepted for 2 events since the last line",
                        "Endpoint a: Error for 1 events since the last line: answered 500",
                        "Endpoint b: Accepted for 7 events since the last line",
                        "Endpoint a: Accepted for 7 events since the last line");
    }
}
