package io.tallygate.gateway.ingest;

import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.UsageRecord;
import io.tallygate.store.usage.UsageRecordStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Events that are stored together; those that are refused take no part, but keep their place. */
final class EventBatch {
    private final List<Parsed> events = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();

    /** Adds an event with its line or index in the request. */
    void add(Parsed event, long number) {
        events.add(event);
        numbers.add(number);
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    int size() {
        return events.size();
    }

    /** One event's outcome as it is written on the wire; {@code place} says what its number is: "line" or "index". */
    JsonObject json(String place, int i, IngestOutcome outcome) {
        JsonObject json = new JsonObject()
                .put(place, numbers.get(i))
                .put("source", events.get(i).source())
                .put("id", events.get(i).id())
                .put("outcome", outcome.kind().name());
        if (outcome.code() != null) {
            json.put("code", outcome.code().name())
                    .put("field", outcome.field())
                    .put("message", outcome.message());
        }
        return json;
    }

    /** An outcome per event of this request, in their order. */
    Future<List<IngestOutcome>> store(UsageRecordStore store, ReportedAt reportedAt, ObservedRequest request) {
        List<UsageRecord> records =
                events.stream().map(Parsed::record).filter(Objects::nonNull).toList();
        return store.ingest(records, reportedAt).map(stored -> {
            Iterator<IngestOutcome> next = stored.iterator();
            List<IngestOutcome> outcomes = events.stream()
                    .map(event -> event.record() == null ? event.refusal() : next.next())
                    .toList();
            request.stored(counted(outcomes));
            return outcomes;
        });
    }

    private static Map<IngestOutcome.Kind, Integer> counted(List<IngestOutcome> outcomes) {
        Map<IngestOutcome.Kind, Integer> counts = new EnumMap<>(IngestOutcome.Kind.class);
        outcomes.forEach(outcome -> counts.merge(outcome.kind(), 1, Integer::sum));
        return counts;
    }
}
