package io.tallygate.gateway.auth;

import io.tallygate.gateway.http.RequestIds;
import io.tallygate.store.audit.Actor;
import io.vertx.ext.web.RoutingContext;

/** Who asks for a change, as the audit names it. */
public final class Actors {
    private Actors() {}

    /** The request's caller with the request's id. */
    public static Actor of(RoutingContext ctx) {
        return of(ctx, Caller.of(ctx));
    }

    /** Somebody who becomes a caller by the request, with its id. */
    public static Actor of(RoutingContext ctx, Caller caller) {
        return new Actor(caller.tenantId().value(), caller.subject(), RequestIds.of(ctx));
    }
}
