package io.tallygate.gateway.delivery;

import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.payer.Reroute;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Re-routes on the wire. */
public final class RerouteJson {
    private RerouteJson() {}

    /** What moved, or (a dry run) would move. */
    public static JsonObject of(Reroute reroute, boolean dryRun) {
        JsonArray moves = new JsonArray();
        reroute.moves()
                .forEach(move -> moves.add(new JsonObject()
                        .put("tenantId", move.tenant().toString())
                        .put("from", move.from().toString())
                        .put("to", move.to().toString())
                        .put("total", json(move.total()))
                        .put("netted", json(move.netted()))
                        .put("corrected", json(move.corrected()))
                        .put("waiting", json(move.waiting()))));
        JsonArray uncorrectable = new JsonArray();
        reroute.uncorrectable()
                .forEach(each -> uncorrectable.add(new JsonObject()
                        .put("endpoint", each.endpoint())
                        .put("payerSubscriptionId", each.payer().toString())
                        .put("dimension", each.dimension())
                        .put("amount", json(each.amount()))));
        return new JsonObject()
                .put("reportedTime", WireTime.formatOrNull(reroute.reportedTime()))
                .put("moves", moves)
                .put("uncorrectable", uncorrectable)
                .put("dryRun", dryRun);
    }

    private static JsonObject json(Reroute.Amount amount) {
        return new JsonObject()
                .put("rows", amount.rows())
                .put("records", amount.records())
                .put("quantity", amount.quantity());
    }
}
