package io.tallygate.gateway.http;

import io.tallygate.gateway.observe.ObservedRequest;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.regex.Pattern;

/** Gives each request an id, says it in the answer, and echoes the ids that the client sent. */
public final class RequestIds implements Handler<RoutingContext> {
    private static final String KEY = RequestIds.class.getName();
    private static final Pattern ECHOED = Pattern.compile("[\\x21-\\x7e]{1,128}");

    @Override
    public void handle(RoutingContext ctx) {
        String id = UUID.randomUUID().toString();
        ctx.put(KEY, id);
        HttpServerResponse response = ctx.response().putHeader("x-ms-request-id", id);
        echo("x-ms-client-request-id", ctx.request(), response);
        String correlation = echo("x-ms-correlation-request-id", ctx.request(), response);
        ObservedRequest.of(ctx).named(id, correlation);
        ctx.next();
    }

    /** The request's id, as its answer says it. */
    public static String of(RoutingContext ctx) {
        return ctx.get(KEY);
    }

    private static String echo(String header, HttpServerRequest request, HttpServerResponse response) {
        String value = request.getHeader(header);
        if (value == null || !ECHOED.matcher(value).matches()) {
            return null;
        }
        response.putHeader(header, value);
        return value;
    }
}
