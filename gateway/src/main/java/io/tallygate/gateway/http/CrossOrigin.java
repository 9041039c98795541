package io.tallygate.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Set;

/**
 * Lets pages of some origins call from a browser, by the CORS protocol. Pages of others get their answer without its
 * headers, so that the browser keeps it from them; what is no browser is not concerned. A preflight is answered here and
 * reaches no route. Cookies and the like are never asked for: a caller has a token.
 */
public final class CrossOrigin implements Handler<RoutingContext> {
    private static final int PREFLIGHT_SECONDS = 600;

    private final Set<String> origins;
    private final CorsHandler protocol;

    /** For these origins, compared exactly. */
    public CrossOrigin(List<String> origins) {
        this.origins = Set.copyOf(origins);
        protocol = CorsHandler.create()
                .addOrigins(origins)
                .allowCredentials(false)
                .maxAgeSeconds(PREFLIGHT_SECONDS)
                .allowedMethods(Set.of(
                        HttpMethod.GET,
                        HttpMethod.HEAD,
                        HttpMethod.POST,
                        HttpMethod.PUT,
                        HttpMethod.PATCH,
                        HttpMethod.DELETE))
                .allowedHeaders(Set.of(
                        "authorization",
                        "content-type",
                        "accept",
                        "x-api-key",
                        "x-ms-client-request-id",
                        "x-ms-correlation-request-id"))
                .exposedHeaders(Set.of(
                        "content-disposition",
                        "retry-after",
                        "x-ms-request-id",
                        "x-ms-client-request-id",
                        "x-ms-correlation-request-id",
                        "x-row-count",
                        "x-complete-through"));
    }

    @Override
    public void handle(RoutingContext ctx) {
        String origin = ctx.request().getHeader(HttpHeaders.ORIGIN);
        if (origin != null && origins.contains(origin)) {
            protocol.handle(ctx);
        } else {
            ctx.next();
        }
    }
}
