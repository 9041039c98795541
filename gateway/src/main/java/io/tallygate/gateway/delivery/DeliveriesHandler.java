package io.tallygate.gateway.delivery;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.PageLink;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.routing.desk.DeliveryEvent;
import io.tallygate.routing.desk.EventDecision;
import io.tallygate.routing.desk.EventDesk;
import io.tallygate.routing.desk.EventFilter;
import io.tallygate.routing.desk.EventState;
import io.tallygate.routing.desk.EventStore;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** {@code /deliveries}: the events, what happened to each, and what an operator decides about one. */
public final class DeliveriesHandler {
    private static final int PAGE = 1000;
    private static final String REQUEUE_RISK =
            ", and it may not remember the key: look there, and if it is billed waive it"
                    + " with `acceptBilled`; else requeue it with `acceptDuplicateRisk`";
    private static final String WAIVE_RISK =
            ": look there, and waive it with `acceptBilled` whatever it did, or have it sent again under the same key";

    private final EventStore events;
    private final EventDesk desk;
    private final PageLink pages;

    /** Reads from the given store and decides at the given desk. */
    public DeliveriesHandler(EventStore events, EventDesk desk, PageLink pages) {
        this.events = events;
        this.desk = desk;
        this.pages = pages;
    }

    /**
     * {@code GET /deliveries?payer&tenant&state&reason&endpoint&submission&from&to}: in order of reported time; those of a
     * submission with what the ledger has of it.
     */
    public Future<Answer> list(RoutingContext ctx) {
        QueryParameters query = new QueryParameters(ctx.queryParams())
                .only("payer", "tenant", "state", "reason", "endpoint", "submission", "from", "to", "after");
        UUID after = query.uuid("after").orElse(null);
        EventFilter filter = filter(query);
        return events.page(filter, after, PAGE + 1)
                .map(found -> found.orElseThrow(() -> ApiError.InvalidProperty.because(
                        "`after` must be the key of an event, as a `nextLink` gives it")))
                .compose(found -> filter.submission() == null
                        ? Future.succeededFuture(page(ctx, found, EventJson::of))
                        : events.attempts(filter.submission())
                                .map(attempts -> page(ctx, found, event -> EventJson.of(event, attempts))));
    }

    private Answer page(RoutingContext ctx, List<DeliveryEvent> found, Function<DeliveryEvent, JsonObject> json) {
        return pages.page(ctx, found, PAGE, json, event -> event.key().toString());
    }

    /** {@code GET /deliveries/{key}}: with its content, its usage and the ledger's entries. */
    public Future<Answer> get(RoutingContext ctx) {
        UUID key = key(ctx);
        return events.find(key).map(account -> {
            if (account == null) {
                throw absent();
            }
            return Answer.ok(EventJson.of(account));
        });
    }

    /** {@code POST /deliveries/{key}/requeue {"reason"?, "acceptDuplicateRisk"?}}. */
    public Future<Answer> requeue(RoutingContext ctx) {
        UUID key = key(ctx);
        JsonFields body = JsonFields.optionalBody(ctx).only("reason", "acceptDuplicateRisk");
        boolean risk = body.bool("acceptDuplicateRisk").orElse(false);
        return desk.requeue(key, Reasons.find(body).orElse(null), risk, Actors.of(ctx))
                .map(decision -> answer(decision, "requeued", "dead or manual", REQUEUE_RISK));
    }

    /** {@code POST /deliveries/{key}/waive {"reason", "acceptBilled"?}}. */
    public Future<Answer> waive(RoutingContext ctx) {
        UUID key = key(ctx);
        JsonFields body = JsonFields.body(ctx).only("reason", "acceptBilled");
        String reason = Reasons.require(body, "why it is never to be sent");
        return desk.waive(key, reason, body.bool("acceptBilled").orElse(false), Actors.of(ctx))
                .map(decision -> answer(decision, "waived", "pending, dead or manual", WAIVE_RISK));
    }

    private static EventFilter filter(QueryParameters query) {
        EventFilter filter = new EventFilter(
                query.uuid("payer").map(SubscriptionId::new).orElse(null),
                query.uuid("tenant").map(TenantId::new).orElse(null),
                query.find("state").map(DeliveriesHandler::state).orElse(null),
                query.text("reason").orElse(null),
                query.text("endpoint").orElse(null),
                query.uuid("submission").orElse(null),
                query.time("from").orElse(null),
                query.time("to").orElse(null));
        if (filter.from() != null && filter.to() != null && !filter.from().isBefore(filter.to())) {
            throw ApiError.InvalidProperty.because("`from` must be before `to`");
        }
        return filter;
    }

    private static EventState state(String name) {
        return EventState.named(name)
                .orElseThrow(() -> ApiError.InvalidProperty.because("`state` must be one of " + EventState.NAMES));
    }

    private static UUID key(RoutingContext ctx) {
        return WireUuid.require(ctx.pathParam("key"), "key");
    }

    private static ApiException absent() {
        return ApiError.ResourceNotFound.because("There is no event of this key");
    }

    private static Answer answer(EventDecision decision, String done, String allowed, String risk) {
        return switch (decision.kind()) {
            case DONE -> Answer.ok(EventJson.of(decision.event()));
            case ABSENT -> throw absent();
            case IN_FLIGHT ->
                throw ApiError.Conflict.because(
                        "The event is in flight: a gateway is sending it; ask again when it has an outcome");
            case WRONG_STATE ->
                throw ApiError.Conflict.because("The event is "
                        + decision.event().state().wireName() + ": only what is " + allowed + " can be " + done);
            case MAY_BE_BILLED ->
                throw ApiError.Conflict.because("Whether the endpoint billed the event is unknown" + risk);
            case NEGATIVE_SUM ->
                throw ApiError.Conflict.because("The event's quantity is not positive, and its endpoint takes no such"
                        + " event: waive it, or re-route its usage");
        };
    }
}
