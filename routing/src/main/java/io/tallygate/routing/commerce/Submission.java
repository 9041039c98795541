package io.tallygate.routing.commerce;

import io.tallygate.routing.trace.TraceContext;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A transport batch of due events of one payer.
 *
 * @param id names this request, nothing more: a retry has another one and may have other events
 * @param events one or more, at most as many as the terms allow
 */
public record Submission(UUID id, SubscriptionId payer, List<Event> events) {
    /** Its place in a trace of its own, whose id is the submission's without hyphens. */
    String traceparent() {
        return TraceContext.startedBy(id).header();
    }

    /**
     * One event as it was composed; only {@code body} is sent, the rest is there to check the answer against.
     *
     * @param dimension null if its rows have several
     * @param body its fixed bytes
     */
    public record Event(UUID key, String dimension, Instant effectiveTime, BigDecimal quantity, Buffer body) {}
}
