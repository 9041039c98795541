package io.tallygate.deploy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tallygate.gateway.admission.Admission;
import io.tallygate.gateway.audit.Refusal;
import io.tallygate.gateway.audit.RefusalObserver;
import io.tallygate.gateway.auth.IssuerState;
import io.tallygate.gateway.http.Connections;
import io.tallygate.gateway.portal.PortalEvent;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.delivery.DeliveryObserver;
import io.tallygate.routing.ledger.Reconciliation;
import io.tallygate.routing.ledger.ReconciliationObserver;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The gateway's metrics in Prometheus' text format. The table in this module's README has them all. */
final class Metrics implements DeliveryObserver, ReconciliationObserver, RefusalObserver {
    /** What {@link #scrape} gives, version 0.0.4 of the text format. */
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String ENDPOINT = "endpoint";
    private static final String ISSUER = "issuer";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Clock clock;
    private final Map<String, Boolean> open = new ConcurrentHashMap<>();
    private final Map<String, Instant> pausedUntil = new ConcurrentHashMap<>();
    private volatile Check check;

    /** The last check of the books. */
    private record Check(boolean balanced, Instant time) {}

    Metrics(Clock clock) {
        this.clock = clock;
    }

    /** All metrics as text. */
    String scrape() {
        return registry.scrape();
    }

    /** Makes the metrics of an endpoint that are there before anything happens. */
    void endpoint(String endpoint) {
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

    /** Makes the metrics of what is let in. */
    void admission(Admission admission, Connections connections) {
        line("tenants", admission::runningTenants, admission::waitingTenants);
        line("operator", admission::runningOperators, admission::waitingOperators);
        Gauge.builder("tallygate.connections", connections::open)
                .description("Connections of callers that are open")
                .register(registry);
        FunctionCounter.builder("tallygate.connections.refused", connections, Connections::refused)
                .description("Connections that were closed at once because there were too many")
                .register(registry);
    }

    private void line(String name, Supplier<Number> running, Supplier<Number> waiting) {
        Gauge.builder("tallygate.requests.running", running)
                .description("Requests that run")
                .tag("line", name)
                .register(registry);
        Gauge.builder("tallygate.requests.waiting", waiting)
                .description("Requests that wait for their turn")
                .tag("line", name)
                .register(registry);
    }

    /** Makes the metrics of a trusted token issuer. */
    void issuer(IssuerState issuer) {
        Gauge.builder("tallygate.issuer.keys.age", issuer, Metrics::keysAge)
                .description("How old the keys of a token issuer are; NaN before the first are there")
                .baseUnit("seconds")
                .tag(ISSUER, issuer.issuer())
                .register(registry);
        FunctionCounter.builder("tallygate.issuer.fetches", issuer, IssuerState::fetches)
                .description("How often the keys of a token issuer were asked for")
                .tag(ISSUER, issuer.issuer())
                .register(registry);
        FunctionCounter.builder("tallygate.issuer.fetches.failed", issuer, IssuerState::failedFetches)
                .description("How often that gave no usable keys: those that there are stay in use")
                .tag(ISSUER, issuer.issuer())
                .register(registry);
    }

    /** Makes the metrics of a read replica: how many reads had which outcome. */
    void replica(Map<String, Supplier<Number>> reads) {
        // The registry holds what it asks only weakly; what is counted is held by the function.
        reads.forEach((outcome, count) -> FunctionCounter.builder(
                        "tallygate.replica.reads", this, held -> count.get().doubleValue())
                .description("Reads of sealed usage on the replica; what it did not answer, the primary did")
                .tag("outcome", outcome)
                .register(registry));
    }

    /** Counts what happens to the sessions of the portal. */
    void portal(PortalEvent event) {
        Counter.builder("tallygate.portal.sessions")
                .description("What happened to sessions of the portal")
                .tag("event", event.word())
                .register(registry)
                .increment();
    }

    private static double keysAge(IssuerState issuer) {
        return issuer.keysAge().map(age -> age.toMillis() / 1e3).orElse(Double.NaN);
    }

    @Override
    public void refused(Refusal refusal) {
        Counter.builder("tallygate.refusals")
                .description("Requests that were answered with 401, 403 or 429, by the reason")
                .tag("status", Integer.toString(refusal.status()))
                .tag("reason", refusal.reason())
                .register(registry)
                .increment();
    }

    @Override
    public void balanced(Reconciliation found, Instant checkedAt) {
        booksChecked(true, checkedAt);
    }

    @Override
    public void unbalanced(Reconciliation found, List<String> differences, Instant checkedAt) {
        booksChecked(false, checkedAt);
    }

    /** The log names them; the books' metric means the books. */
    @Override
    public void stuck(List<String> events, Instant checkedAt) {}

    /** Tells what the last check of the books found, whichever gateway made it. */
    void booksChecked(boolean balanced, Instant checkedAt) {
        boolean first = check == null;
        check = new Check(balanced, checkedAt);
        if (first) {
            // Not before: nothing is known until then.
            Gauge.builder("tallygate.reconciliation.balanced", () -> check.balanced() ? 1 : 0)
                    .description("1 if the books balanced when they were checked last, 0 if they did not")
                    .register(registry);
            Gauge.builder("tallygate.reconciliation.checked", () -> check.time().getEpochSecond())
                    .description("When the books were checked last, in seconds since 1970")
                    .baseUnit("seconds")
                    .register(registry);
        }
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
