package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/** The gateway's metrics in Prometheus' text format. The table in this module's README has them all. */
public final class Metrics {
    /** What {@link #scrape} gives, version 0.0.4 of the text format. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final AccessMetrics access;
    private final RequestMetrics requests;
    private final WorkMetrics work;
    private final DeliveryMetrics delivery;
    private final BookMetrics books;
    private final CollectMetrics collect;

    /** In this registry, which has those of the process already. */
    public Metrics(PrometheusMeterRegistry registry, Clock clock) {
        this.registry = registry;
        access = new AccessMetrics(registry);
        requests = new RequestMetrics(registry);
        work = new WorkMetrics(registry);
        delivery = new DeliveryMetrics(registry, clock);
        books = new BookMetrics(registry);
        collect = new CollectMetrics(registry);
        DroppedLines.register(registry);
    }

    /** All metrics as text. */
    public String scrape() {
        return registry.scrape();
    }

    /** Who is let in. */
    public AccessMetrics access() {
        return access;
    }

    /** What is asked. */
    public RequestMetrics requests() {
        return requests;
    }

    /** What goes on by itself. */
    public WorkMetrics work() {
        return work;
    }

    /** What is sent to endpoints. */
    public DeliveryMetrics delivery() {
        return delivery;
    }

    /** Whether the books balance. */
    public BookMetrics books() {
        return books;
    }

    /** What is collected from other clouds. */
    public CollectMetrics collect() {
        return collect;
    }

    /** Makes the metrics of a read replica: how many reads had which outcome. */
    public void replica(Map<String, Supplier<Number>> reads) {
        // The registry holds what it asks only weakly; what is counted is held by the function.
        reads.forEach((outcome, count) -> FunctionCounter.builder(
                        "tallygate.replica.reads", this, held -> count.get().doubleValue())
                .description("Reads of sealed usage on the replica; what it did not answer, the primary did")
                .tag("outcome", outcome)
                .register(registry));
    }

    /** Where others register theirs. */
    PrometheusMeterRegistry registry() {
        return registry;
    }
}
