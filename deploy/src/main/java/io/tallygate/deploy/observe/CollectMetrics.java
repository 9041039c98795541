package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallygate.gateway.collect.CollectObserver;
import io.tallygate.gateway.collect.SourceException;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.usage.IngestOutcome;

/** What this gateway collects from other clouds, and what keeps it from that. */
public final class CollectMetrics implements CollectObserver {
    private final MeterRegistry registry;

    CollectMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Makes the metrics of a source that are there before anything happens. */
    public void source(String source) {
        for (IngestOutcome.Kind outcome : IngestOutcome.Kind.values()) {
            records(source, outcome);
        }
        for (SourceException.Kind kind : SourceException.Kind.values()) {
            if (kind != SourceException.Kind.NotProcessed) {
                failures(source, kind);
            }
        }
    }

    @Override
    public void collected(String source, CollectCounts counts) {
        add(source, IngestOutcome.Kind.Accepted, counts.accepted());
        add(source, IngestOutcome.Kind.Duplicate, counts.duplicate());
        add(source, IngestOutcome.Kind.Conflict, counts.conflict());
        add(source, IngestOutcome.Kind.Quarantined, counts.quarantined());
        add(source, IngestOutcome.Kind.Rejected, counts.rejected());
    }

    @Override
    public void failed(String source, SourceException.Kind kind) {
        failures(source, kind).increment();
    }

    private void add(String source, IngestOutcome.Kind outcome, long count) {
        records(source, outcome).increment((double) count);
    }

    private Counter records(String source, IngestOutcome.Kind outcome) {
        return Counter.builder("tallygate.collect.records")
                .description("Usage records of windows that were collected, by their outcome")
                .tag("source", source)
                .tag("outcome", outcome.name())
                .register(registry);
    }

    private Counter failures(String source, SourceException.Kind kind) {
        return Counter.builder("tallygate.collect.failures")
                .description("How often a source did not give a window, by what was wrong; it is asked again")
                .tag("source", source)
                .tag("kind", kind.name())
                .register(registry);
    }
}
