package io.tallygate.gateway.delivery;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.PageLink;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.routing.desk.Hold;
import io.tallygate.routing.desk.HoldDesk;
import io.tallygate.routing.desk.PayerStatus;
import io.tallygate.routing.desk.PayerStore;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code /payers}: where the usage of each is, and holding one. */
public final class PayersHandler {
    // Each payer's events are counted.
    private static final int PAGE = 100;

    private final PayerStore payers;
    private final HoldDesk holds;
    private final PageLink pages;

    /** Reads from the given store and holds at the given desk. */
    public PayersHandler(PayerStore payers, HoldDesk holds, PageLink pages) {
        this.payers = payers;
        this.holds = holds;
        this.pages = pages;
    }

    /** {@code GET /payers}: in order of their ids. */
    public Future<Answer> list(RoutingContext ctx) {
        QueryParameters query = new QueryParameters(ctx.queryParams()).only("after");
        SubscriptionId after = query.uuid("after").map(SubscriptionId::new).orElse(null);
        return payers.page(after, PAGE + 1)
                .map(found -> pages.page(
                        ctx,
                        found,
                        PAGE,
                        PayersHandler::json,
                        status -> status.payer().toString()));
    }

    /** {@code POST /payers/{id}/hold {"reason"}}. */
    public Future<Answer> hold(RoutingContext ctx) {
        SubscriptionId payer = payer(ctx);
        String reason = Reasons.require(JsonFields.body(ctx).only("reason"), "why nothing is sent for it");
        return holds.hold(payer, reason, Actors.of(ctx)).map(hold -> {
            if (hold == null) {
                throw ApiError.ResourceNotFound.because("`" + payer
                        + "` is no payer: it is neither a registration's subscription nor mapped to a tenant");
            }
            return Answer.ok(held(payer, hold));
        });
    }

    /** {@code POST /payers/{id}/resume}. */
    public Future<Answer> resume(RoutingContext ctx) {
        SubscriptionId payer = payer(ctx);
        JsonFields.optionalBody(ctx).only();
        return holds.resume(payer, Actors.of(ctx)).map(ended -> Answer.ok(held(payer, null)));
    }

    private static SubscriptionId payer(RoutingContext ctx) {
        return new SubscriptionId(WireUuid.require(ctx.pathParam("payer"), "payer"));
    }

    private static JsonObject held(SubscriptionId payer, Hold hold) {
        return HoldJson.put(new JsonObject().put("payerSubscriptionId", payer.toString()), hold);
    }

    private static JsonObject json(PayerStatus status) {
        JsonObject events = new JsonObject();
        status.events().forEach((state, sum) -> events.put(state.wireName(), sum("events", sum)));
        return held(status.payer(), status.hold())
                .put("waiting", sum("rows", status.waiting()))
                .put("states", events);
    }

    private static JsonObject sum(String what, PayerStatus.Sum sum) {
        return new JsonObject()
                .put(what, sum.count())
                .put("records", sum.records())
                .put("quantity", sum.quantity());
    }
}
