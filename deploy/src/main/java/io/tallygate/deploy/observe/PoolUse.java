package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** How much of the pool of connections is in use, as Vert.x counts it. */
final class PoolUse {
    private static final String WAITING = "vertx.pool.queue.pending";

    private final MeterRegistry registry;
    private final int size;

    PoolUse(MeterRegistry registry, int size) {
        this.registry = registry;
        this.size = size;
        Gauge.builder("tallygate.pool.size", () -> size)
                .description("Connections to the database that there may be (database.poolSize)")
                .register(registry);
    }

    /** What is wrong with it. */
    List<String> problems() {
        double waiting = registry.find(WAITING).gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
        return waiting < size
                ? List.of()
                : List.of("All " + size + " connections to the database are in use, and " + (long) waiting + " wait");
    }
}
