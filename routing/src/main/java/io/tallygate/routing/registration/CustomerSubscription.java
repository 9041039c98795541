package io.tallygate.routing.registration;

import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * The CSP subscription that pays for a tenant of a registration, for a stretch of usage hours.
 *
 * @param mappingId counts up in the order of recording
 * @param effectiveFrom the first usage hour it pays for
 * @param effectiveTo the first usage hour it no longer pays for; null if that is open
 * @param recordedAt when it was recorded; what was routed before did not know of it
 * @param supersededAt when a later change took its place; null if it stands
 */
public record CustomerSubscription(
        long mappingId,
        TenantId tenant,
        SubscriptionId customerSubscription,
        Instant effectiveFrom,
        Instant effectiveTo,
        Instant recordedAt,
        Instant supersededAt) {

    /** How a mapping stands at some instant. */
    public enum State {
        InForce,
        Scheduled,
        Ended,
        /** A later change took its place. */
        Superseded
    }

    /** How it stands at the given instant. */
    public State stateAt(Instant instant) {
        if (supersededAt != null) {
            return State.Superseded;
        }
        if (instant.isBefore(effectiveFrom)) {
            return State.Scheduled;
        }
        return reachesBeyond(instant) ? State.InForce : State.Ended;
    }

    /** Whether it pays for a usage hour later than, or at, the given instant. */
    boolean reachesBeyond(Instant instant) {
        return effectiveTo == null || effectiveTo.isAfter(instant);
    }

    JsonObject forAudit() {
        return new JsonObject()
                .put("tenantId", tenant.toString())
                .put("customerSubscriptionId", customerSubscription.toString())
                .put("effectiveFrom", effectiveFrom.toString())
                .put("effectiveTo", effectiveTo == null ? null : effectiveTo.toString());
    }

    static CustomerSubscription of(Row row) {
        return new CustomerSubscription(
                row.getLong("mapping_id"),
                new TenantId(row.getUUID("tenant_id")),
                new SubscriptionId(row.getUUID("customer_subscription_id")),
                Rows.instant(row, "effective_from"),
                Rows.instant(row, "effective_to"),
                Rows.instant(row, "recorded_at"),
                Rows.instant(row, "superseded_at"));
    }
}
