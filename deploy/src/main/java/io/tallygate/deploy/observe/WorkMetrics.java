package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tallygate.routing.payer.RoutedWindow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this gateway did of what goes on by itself. */
public final class WorkMetrics {
    /** The steps of {@code UsagePipeline}, in their order. */
    public static final List<String> STEPS = List.of("release", "close", "seal", "route");

    private final Timer sealing;
    private final Timer routing;
    private final Map<String, Counter> failures = new LinkedHashMap<>();
    private final Map<String, Counter> routed = new LinkedHashMap<>();

    WorkMetrics(MeterRegistry registry) {
        sealing = Timer.builder("tallygate.sealing.duration")
                .description("How long it took to seal a window")
                .register(registry);
        routing = Timer.builder("tallygate.routing.duration")
                .description("How long it took to route a window")
                .register(registry);
        for (String step : STEPS) {
            failures.put(
                    step,
                    Counter.builder("tallygate.work.failed")
                            .description("How often a step of what goes on by itself failed; it is tried again")
                            .tag("step", step)
                            .register(registry));
        }
        for (String kind : List.of("mapped", "base", "notChargeable", "notBilled")) {
            routed.put(
                    kind,
                    Counter.builder("tallygate.routed.rows")
                            .description("Sealed rows that were routed, by who pays for them, or why nobody does")
                            .tag("payer", kind)
                            .register(registry));
        }
    }

    /** A window was sealed. */
    public void sealed(Duration took) {
        sealing.record(took);
    }

    /** A window was routed. */
    public void routed(Duration took) {
        routing.record(took);
    }

    /** What became of its rows. */
    public void routed(RoutedWindow window) {
        add("mapped", window.mapped());
        add("base", window.base());
        add("notChargeable", window.notChargeable());
        add("notBilled", window.notBilled());
    }

    private void add(String kind, long rows) {
        routed.get(kind).increment((double) rows);
    }

    /** A step failed. */
    public void failed(String step) {
        failures.get(step).increment();
    }
}
