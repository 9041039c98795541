package io.tallygate.gateway.ingest;

import io.tallygate.store.usage.IngestOutcome;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;

/** How many records had which outcome. */
final class OutcomeTotals {
    private final Map<IngestOutcome.Kind, Long> counts = new EnumMap<>(IngestOutcome.Kind.class);
    private long all;

    void add(IngestOutcome outcome) {
        counts.merge(outcome.kind(), 1L, Long::sum);
        all++;
    }

    /** {@code {"lines":n,"Accepted":n,…}}; {@code unit} is what is counted: lines or records. */
    JsonObject json(String unit) {
        JsonObject totals = new JsonObject().put(unit, all);
        for (IngestOutcome.Kind kind : IngestOutcome.Kind.values()) {
            totals.put(kind.name(), counts.getOrDefault(kind, 0L));
        }
        return totals;
    }
}
