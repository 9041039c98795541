package io.tallygate.gateway.http;

import io.vertx.ext.web.RoutingContext;

/** Is told of every request that is answered with 401, 403 or 429. It must not take long, and not throw. */
@FunctionalInterface
public interface RefusalListener {
    /** Hears nothing. */
    RefusalListener NONE = (ctx, refusal) -> {};

    /** A request was refused. */
    void refused(RoutingContext ctx, ApiException refusal);
}
