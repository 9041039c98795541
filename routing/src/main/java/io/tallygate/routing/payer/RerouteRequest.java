package io.tallygate.routing.payer;

import io.tallygate.store.Rows;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;

/**
 * Which usage a re-route looks at: all that is routed of these usage hours.
 *
 * @param registrationId only usage routed for this registration; null for all
 * @param tenant only this tenant's; null for all
 * @param from the first usage hour
 * @param to the first usage hour that is left alone; null for none
 */
public record RerouteRequest(Long registrationId, TenantId tenant, Instant from, Instant to) {
    /** @throws IllegalArgumentException unless {@code from} and {@code to} are whole UTC hours, in that order */
    public RerouteRequest {
        if (!AggregationGranularity.Hourly.isBoundary(from)
                || (to != null && !(AggregationGranularity.Hourly.isBoundary(to) && from.isBefore(to)))) {
            throw new IllegalArgumentException("Expected whole hours in order, not " + from + " and " + to);
        }
    }

    Tuple range() {
        return Tuple.of(Rows.utc(from), Rows.utc(to));
    }

    JsonObject forAudit() {
        return new JsonObject()
                .put("registrationId", registrationId)
                .put("tenantId", tenant == null ? null : tenant.toString())
                .put("from", from.toString())
                .put("to", to == null ? null : to.toString());
    }
}
