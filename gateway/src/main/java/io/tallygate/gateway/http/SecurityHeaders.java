package io.tallygate.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * The headers that keep answers out of caches, frames and guesses, on every answer; behind TLS also the one that keeps a
 * browser from going without it. What ends TLS before the gateway says that itself.
 */
public final class SecurityHeaders implements Handler<RoutingContext> {
    private static final String A_YEAR = "max-age=31536000";

    @Override
    public void handle(RoutingContext ctx) {
        put(ctx.request());
        ctx.next();
    }

    /** Puts them on the answer to a request. */
    static void put(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (request.isSSL()) {
            response.putHeader("Strict-Transport-Security", A_YEAR);
        }
    }
}
