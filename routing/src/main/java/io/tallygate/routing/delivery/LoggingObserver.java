package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.trace.TraceContext;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what happens in delivery: what stops or starts something at once, all that is counted at once the first time and
 * then in sums, a line a minute of each kind at most; and a line a submission. Any thread may call it.
 */
public final class LoggingObserver implements DeliveryObserver {
    private static final Logger LOG = LoggerFactory.getLogger(LoggingObserver.class);
    // A line for each: whoever does not want them switches this logger off.
    private static final Logger SUBMISSIONS = LoggerFactory.getLogger("tallygate.submission");
    private static final long BETWEEN_LINES = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private final Map<String, Sum> sums = new HashMap<>();

    private record Sum(int events, long lineAt) {}

    /** Logs by the clock of the process. */
    public LoggingObserver() {
        this(System::nanoTime);
    }

    LoggingObserver(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public void composed(String endpoint, int events) {
        line(endpoint + " composed", events)
                .ifPresent(sum -> LOG.info("Endpoint {}: {} events composed since the last line", endpoint, sum));
    }

    @Override
    public void submitted(String endpoint, UUID submission, int events, Duration took) {
        SUBMISSIONS
                .atInfo()
                .addKeyValue("endpoint", endpoint)
                .addKeyValue("events", events)
                .addKeyValue("millis", took.toMillis())
                .addKeyValue("submissionId", submission)
                .addKeyValue("traceId", TraceContext.startedBy(submission).traceId())
                .log("submission");
    }

    @Override
    public void attempted(String endpoint, Outcome outcome, int events, String detail) {
        line(endpoint + " attempted " + outcome, events)
                .ifPresent(sum -> LOG.info(
                        "Endpoint {}: {} for {} events since the last line{}",
                        endpoint,
                        outcome,
                        sum,
                        detail == null ? "" : ": " + detail));
    }

    @Override
    public void fenced(String endpoint, int events) {
        line(endpoint + " fenced", events)
                .ifPresent(sum -> LOG.warn(
                        "Endpoint {}: answers for {} events came after their lease, and moved nothing", endpoint, sum));
    }

    @Override
    public void setAside(String endpoint, String reason, int events) {
        line(endpoint + " aside " + reason, events)
                .ifPresent(sum -> LOG.warn("Endpoint {}: {} events need somebody to look: {}", endpoint, sum, reason));
    }

    @Override
    public void breaker(String endpoint, String state) {
        LOG.warn("Endpoint {}: its breaker is {}", endpoint, state);
    }

    @Override
    public void paused(String endpoint, Instant until, String reason) {
        LOG.warn("Endpoint {}: paused until {}: {}", endpoint, until, reason);
    }

    @Override
    public void held(String endpoint, SubscriptionId payer, String reason) {
        LOG.warn("Endpoint {}: nothing is sent for the payer {} until it is resumed: {}", endpoint, payer, reason);
    }

    @Override
    public void expiring(String endpoint, int events, Duration left) {
        LOG.warn("Endpoint {}: {} pending events are old, the oldest expires in {}", endpoint, events, left);
    }

    // The sum, when it is time for a line of it.
    private synchronized OptionalInt line(String kind, int events) {
        long now = nanoTime.getAsLong();
        Sum before = sums.get(kind);
        int sum = events + (before == null ? 0 : before.events());
        boolean due = before == null || now - before.lineAt() >= BETWEEN_LINES;
        sums.put(kind, due ? new Sum(0, now) : new Sum(sum, before.lineAt()));
        return due ? OptionalInt.of(sum) : OptionalInt.empty();
    }
}
