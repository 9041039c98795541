package io.tallygate.gateway.operations;

import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.ledger.Account;
import io.tallygate.routing.ledger.Reconciliation;
import io.tallygate.routing.ledger.Reconciliation.GroupBy;
import io.tallygate.routing.ledger.ReconciliationStore;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code GET /reconciliation}: the proof that nothing was lost and nothing counted twice. */
public final class ReconciliationHandler {
    private final ReconciliationStore store;

    /** Reads from the given store. */
    public ReconciliationHandler(ReconciliationStore store) {
        this.store = store;
    }

    /**
     * {@code ?from&to&groupBy=day,tenant,meter,payer}: whole UTC days of reported time, {@code to} exclusive; a row per day
     * unless asked otherwise.
     */
    public Future<Answer> get(RoutingContext ctx) {
        QueryParameters parameters = new QueryParameters(ctx.queryParams());
        Instant from = day(parameters, "from");
        Instant to = day(parameters, "to");
        if (!from.isBefore(to)) {
            throw ApiError.InvalidProperty.because("`from` must be before `to`");
        }
        return store.reconcile(from, to, groupBy(parameters)).map(found -> Answer.ok(json(found)));
    }

    private static Instant day(QueryParameters parameters, String name) {
        String expected = "a UTC day, as 2026-11-20";
        return WireTime.parse(parameters.require(name, expected))
                .filter(AggregationGranularity.Daily::isBoundary)
                .orElseThrow(() -> ApiError.InvalidProperty.because("`" + name + "` must be " + expected));
    }

    private static Set<GroupBy> groupBy(QueryParameters parameters) {
        return Arrays.stream(parameters.find("groupBy").orElse("day").split(",", -1))
                .map(ReconciliationHandler::group)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(GroupBy.class)));
    }

    private static GroupBy group(String name) {
        return Arrays.stream(GroupBy.values())
                .filter(group -> group.name().equalsIgnoreCase(name.trim()))
                .findFirst()
                .orElseThrow(() -> ApiError.InvalidProperty.because(
                        "`groupBy` must be some of day, tenant, meter and payer, separated by commas"));
    }

    private static JsonObject json(Reconciliation found) {
        JsonArray rows = new JsonArray();
        found.rows().forEach(line -> rows.add(json(line)));
        return new JsonObject()
                .put("from", WireTime.format(found.from()))
                .put("to", WireTime.format(found.to()))
                .put("balanced", found.balanced())
                .put("totals", totals(new JsonObject(), found.totals()))
                .put("quarantined", found.quarantined())
                .put("conflicts", found.conflicts())
                .put("rows", rows);
    }

    private static JsonObject json(Reconciliation.Line line) {
        JsonObject json = new JsonObject();
        if (line.day() != null) {
            json.put("day", line.day().atOffset(ZoneOffset.UTC).toLocalDate().toString());
        }
        if (line.tenant() != null) {
            json.put("tenantId", line.tenant().toString());
        }
        if (line.meterId() != null) {
            json.put("meterId", line.meterId());
        }
        if (line.payer() != null) {
            json.put("payerSubscriptionId", line.payer().toString());
        }
        return totals(json.put("balanced", line.balanced()), line.totals());
    }

    private static JsonObject totals(JsonObject json, Map<Account, Reconciliation.Total> totals) {
        totals.forEach((account, total) -> json.put(
                account.wireName(), new JsonObject().put("count", total.count()).put("quantity", total.quantity())));
        return json;
    }
}
