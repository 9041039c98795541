package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.gateway.observe.RequestObserver;
import io.tallygate.gateway.observe.RequestOutcome;
import io.tallygate.gateway.observe.StreamDirection;
import io.tallygate.store.usage.IngestOutcome;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * What is asked, how long it takes, and what became of the records in it. Streams have metrics of their own: they take as
 * long as their reader or sender likes.
 */
public final class RequestMetrics implements RequestObserver {
    private static final Duration[] BUCKETS = IntStream.of(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    // Looked up by what they are about: the registry's own look-up makes a list of tags each time.
    private final Map<Key, Timer> requests = new ConcurrentHashMap<>();
    private final Map<IngestOutcome.Kind, Counter> records = new EnumMap<>(IngestOutcome.Kind.class);
    private final Map<StreamDirection, AtomicInteger> open = new EnumMap<>(StreamDirection.class);

    /** All of bounded kinds: methods and templates are those of the table of routes. */
    private record Key(String method, String route, RequestOutcome outcome) {}

    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (IngestOutcome.Kind kind : IngestOutcome.Kind.values()) {
            records.put(
                    kind,
                    Counter.builder("tallygate.ingest.records")
                            .description("Usage records that were posted, by their outcome")
                            .tag("outcome", kind.name())
                            .register(registry));
        }
        for (StreamDirection direction : StreamDirection.values()) {
            AtomicInteger streams = new AtomicInteger();
            open.put(direction, streams);
            Gauge.builder("tallygate.streams.open", streams, AtomicInteger::get)
                    .description("Streams that are open: in are those of records, out those of usage")
                    .tag("direction", direction.word())
                    .register(registry);
        }
    }

    @Override
    public void streamBegan(StreamDirection direction) {
        open.get(direction).incrementAndGet();
    }

    @Override
    public void stored(Map<IngestOutcome.Kind, Integer> outcomes) {
        outcomes.forEach((kind, count) -> records.get(kind).increment(count));
    }

    @Override
    public void ended(ObservedRequest request) {
        request.stream()
                .ifPresentOrElse(
                        direction -> streamEnded(direction, request.outcome()),
                        () -> timer(request).record(request.took()));
    }

    private void streamEnded(StreamDirection direction, RequestOutcome outcome) {
        open.get(direction).decrementAndGet();
        Counter.builder("tallygate.streams")
                .description("Streams that ended, by how they did")
                .tag("direction", direction.word())
                .tag("outcome", outcome.word())
                .register(registry)
                .increment();
    }

    private Timer timer(ObservedRequest request) {
        return requests.computeIfAbsent(
                new Key(request.method(), request.route(), request.outcome()),
                key -> Timer.builder("tallygate.request.duration")
                        .description(
                                "How long requests took, from their head to the end of their answer; none but streams")
                        .tag("method", key.method())
                        .tag("route", key.route())
                        .tag("outcome", key.outcome().word())
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry));
    }
}
