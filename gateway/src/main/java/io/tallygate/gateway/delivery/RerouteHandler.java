package io.tallygate.gateway.delivery;

import io.tallygate.gateway.auth.Actors;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.JsonFields;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.routing.payer.RerouteRequest;
import io.tallygate.routing.payer.RerouteStore;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code POST /reroute}: moves what is routed already to those who should pay for it by the mappings of now. */
public final class RerouteHandler {
    private static final int MAX_REFERENCE = 1000;
    private static final String HOUR = "a whole UTC hour, as 2026-11-20T13:00:00Z";

    private final RerouteStore reroutes;
    private final RegistrationStore registrations;

    /** Works on the given stores. */
    public RerouteHandler(RerouteStore reroutes, RegistrationStore registrations) {
        this.reroutes = reroutes;
        this.registrations = registrations;
    }

    /** {@code ?dryRun=true|false}, {@code {"from", "to"?, "tenantId"?, "registration"?}}: usage hours, {@code to} exclusive. */
    public Future<Answer> post(RoutingContext ctx) {
        boolean dryRun = new QueryParameters(ctx.queryParams()).only("dryRun").flag("dryRun");
        JsonFields body = JsonFields.body(ctx).only("registration", "tenantId", "from", "to");
        Instant from =
                hour(body, "from").orElseThrow(() -> body.missing("from", "the first usage hour to look at: " + HOUR));
        Instant to = hour(body, "to").orElse(null);
        if (to != null && !from.isBefore(to)) {
            throw body.wrong("to", "an hour after `from`");
        }
        TenantId tenant = body.uuid("tenantId").map(TenantId::new).orElse(null);
        return registration(body)
                .map(registration -> new RerouteRequest(registration, tenant, from, to))
                .compose(request -> dryRun ? reroutes.preview(request) : reroutes.apply(request, Actors.of(ctx)))
                .map(reroute -> Answer.ok(RerouteJson.of(reroute, dryRun)));
    }

    private static Optional<Instant> hour(JsonFields body, String name) {
        return body.text(name, 64)
                .map(text -> WireTime.parse(text)
                        .filter(AggregationGranularity.Hourly::isBoundary)
                        .orElseThrow(() -> body.wrong(name, HOUR)));
    }

    private Future<Long> registration(JsonFields body) {
        return body.text("registration", MAX_REFERENCE)
                .map(reference -> registrations.findByReference(reference).map(found -> only(body, found)))
                .orElseGet(Future::succeededFuture);
    }

    private static Long only(JsonFields body, List<Registration> found) {
        if (found.isEmpty()) {
            throw ApiError.RegistrationNotFound.because(
                    "`registration` is not known: expected the resource id of a registration, or its name");
        }
        if (found.size() > 1) {
            throw body.wrong("registration", "the resource id: several registrations have this name");
        }
        return found.get(0).registrationId();
    }
}
