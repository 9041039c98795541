package io.tallygate.gateway.delivery;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.delivery.BreakerState;
import io.tallygate.routing.desk.EndpointStatus;
import io.tallygate.routing.desk.EndpointStore;
import io.tallygate.routing.desk.HoldDesk;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code /endpoints}: what waits for each, and holding all delivery. */
public final class EndpointsHandler {
    private final EndpointStore endpoints;
    private final ServedEndpoints served;
    private final HoldDesk holds;

    /** Reads from the given store and of this gateway, and holds at the given desk. */
    public EndpointsHandler(EndpointStore endpoints, ServedEndpoints served, HoldDesk holds) {
        this.endpoints = endpoints;
        this.served = served;
        this.holds = holds;
    }

    /** {@code GET /endpoints}. */
    public Future<Answer> list(RoutingContext ctx) {
        new QueryParameters(ctx.queryParams()).only();
        return endpoints.all().map(all -> {
            JsonArray value = new JsonArray();
            all.endpoints().forEach(endpoint -> value.add(json(endpoint)));
            return Answer.ok(new JsonObject()
                    .put("deliveries", HoldJson.put(new JsonObject(), all.hold()))
                    .put("value", value));
        });
    }

    /** {@code POST /deliveries/hold {"reason"}}. */
    public Future<Answer> hold(RoutingContext ctx) {
        String reason = Reasons.require(JsonFields.body(ctx).only("reason"), "why nothing is sent to anybody");
        return holds.holdAll(reason, Actors.of(ctx)).map(hold -> Answer.ok(HoldJson.put(new JsonObject(), hold)));
    }

    /** {@code POST /deliveries/resume {"compared"?}}. */
    public Future<Answer> resume(RoutingContext ctx) {
        boolean compared =
                JsonFields.optionalBody(ctx).only("compared").bool("compared").orElse(false);
        return holds.resumeAll(compared, Actors.of(ctx)).map(resumed -> {
            if (!resumed) {
                throw ApiError.Conflict.because(
                        "The database was restored: compare each endpoint's own book first (`deliveries compare`), or"
                                + " usage may be billed twice. Then go on with `\"compared\": true`"
                                + " (`deliveries resume --compared`)");
            }
            return Answer.ok(HoldJson.put(new JsonObject(), null));
        });
    }

    private JsonObject json(EndpointStatus endpoint) {
        return new JsonObject()
                .put("name", endpoint.name())
                .put(
                        "pausedUntil",
                        endpoint.pausedUntil() == null
                                ? null
                                : endpoint.pausedUntil().toString())
                .put("reason", endpoint.pauseReason())
                .put(
                        "breaker",
                        served.breaker(endpoint.name())
                                .map(BreakerState::wireName)
                                .orElse(null))
                .put("pendingEvents", endpoint.pendingEvents())
                .put("oldestPending", WireTime.formatOrNull(endpoint.oldestPending()))
                .put("waitingRows", endpoint.waitingRows())
                .put("oldestWaiting", WireTime.formatOrNull(endpoint.oldestWaiting()));
    }
}
