package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallygate.gateway.admission.Admission;
import io.tallygate.gateway.audit.Refusal;
import io.tallygate.gateway.audit.RefusalObserver;
import io.tallygate.gateway.auth.IssuerState;
import io.tallygate.gateway.http.Connections;
import io.tallygate.gateway.portal.PortalEvent;
import java.util.List;
import java.util.function.Supplier;

/** Who is let in, and who is not. */
public final class AccessMetrics implements RefusalObserver {
    private static final String ISSUER = "issuer";

    private final MeterRegistry registry;

    AccessMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Makes the metrics of what is let in. */
    public void admission(Admission admission, Connections connections) {
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

    /** Makes the metrics of the trusted token issuers, and of no others from then on. */
    public void issuers(List<IssuerState> issuers) {
        registry.getMeters().stream()
                .filter(meter -> meter.getId().getTag(ISSUER) != null)
                .forEach(registry::remove);
        issuers.forEach(this::issuer);
    }

    private void issuer(IssuerState issuer) {
        Gauge.builder("tallygate.issuer.keys.age", issuer, AccessMetrics::keysAge)
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

    /** Counts what happens to the sessions of the portal. */
    public void portal(PortalEvent event) {
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
}
