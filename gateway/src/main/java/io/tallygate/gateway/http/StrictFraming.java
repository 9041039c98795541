package io.tallygate.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Refuses HTTP/1 requests that the server takes, but that a proxy before it may have read in another way (RFC 9112,
 * sections 3.2, 5.1, 6.1 and 11.2), and closes the connection: what follows on it could be anything.
 */
final class StrictFraming implements Handler<RoutingContext> {
    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        if (request.version() == HttpVersion.HTTP_2 || isClear(request.headers())) {
            ctx.next();
            return;
        }
        ctx.addEndHandler(ended -> request.connection().close());
        throw ApiError.InvalidProperty.because(
                "The request is ambiguous: expected one `Host`, no header without a name, and no other"
                        + " `Transfer-Encoding` than chunked");
    }

    private static boolean isClear(MultiMap headers) {
        List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        boolean plain = codings.isEmpty()
                || (codings.size() == 1 && codings.get(0).trim().equalsIgnoreCase("chunked"));
        return plain && headers.getAll(HttpHeaders.HOST).size() <= 1 && !headers.contains("");
    }
}
