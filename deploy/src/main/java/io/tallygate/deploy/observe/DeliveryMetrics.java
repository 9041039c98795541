package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.delivery.DeliveryObserver;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** What is sent to commerce endpoints, and what becomes of it. */
public final class DeliveryMetrics implements DeliveryObserver {
    private static final String ENDPOINT = "endpoint";

    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<String, Boolean> open = new ConcurrentHashMap<>();
    private final Map<String, Instant> pausedUntil = new ConcurrentHashMap<>();

    DeliveryMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** Makes the metrics of an endpoint that are there before anything happens. */
    public void endpoint(String endpoint) {
        open.put(endpoint, false);
        pausedUntil.put(endpoint, Instant.MIN);
        Gauge.builder("tallygate.delivery.breaker.open", open, states -> states.get(endpoint) ? 1 : 0)
                .description("1 while the endpoint's circuit breaker is open")
                .tag(ENDPOINT, endpoint)
                .register(registry);
        Gauge.builder(
                        "tallygate.delivery.paused",
                        pausedUntil,
                        times -> clock.instant().isBefore(times.get(endpoint)) ? 1 : 0)
                .description("1 while nothing is sent to the endpoint because it did not take our credentials")
                .tag(ENDPOINT, endpoint)
                .register(registry);
    }

    @Override
    public void composed(String endpoint, int events) {
        Counter.builder("tallygate.delivery.composed")
                .description("Events that were made of routed rows")
                .tag(ENDPOINT, endpoint)
                .register(registry)
                .increment(events);
    }

    @Override
    public void submitted(String endpoint, UUID submission, int events, Duration took) {
        Timer.builder("tallygate.delivery.submission")
                .description("How long submissions took, until their answer or until they were given up")
                .tag(ENDPOINT, endpoint)
                .register(registry)
                .record(took);
    }

    @Override
    public void attempted(String endpoint, Outcome outcome, int events, String detail) {
        Counter.builder("tallygate.delivery.attempts")
                .description("Events in submissions, by what became of them")
                .tag(ENDPOINT, endpoint)
                .tag("outcome", outcome.name())
                .register(registry)
                .increment(events);
    }

    @Override
    public void fenced(String endpoint, int events) {
        Counter.builder("tallygate.delivery.fenced")
                .description("Answers that came when another gateway had taken the event over, and moved nothing")
                .tag(ENDPOINT, endpoint)
                .register(registry)
                .increment(events);
    }

    @Override
    public void setAside(String endpoint, String reason, int events) {
        Counter.builder("tallygate.delivery.set.aside")
                .description("Events that became dead letters or manual and wait for an operator")
                .tag(ENDPOINT, endpoint)
                .tag("reason", reason)
                .register(registry)
                .increment(events);
    }

    @Override
    public void breaker(String endpoint, String state) {
        open.put(endpoint, state.equals("open"));
    }

    @Override
    public void paused(String endpoint, Instant until, String reason) {
        pausedUntil.put(endpoint, until);
    }

    @Override
    public void held(String endpoint, SubscriptionId payer, String reason) {
        Counter.builder("tallygate.delivery.payers.held")
                .description("Times that a payer was held because the endpoint refused it")
                .tag(ENDPOINT, endpoint)
                .register(registry)
                .increment();
    }

    /** The log warns of it; a number that nobody takes back would stay. */
    @Override
    public void expiring(String endpoint, int events, Duration left) {}
}
