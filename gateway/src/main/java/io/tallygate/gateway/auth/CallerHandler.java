package io.tallygate.gateway.auth;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Lets only requests with an accepted bearer token through, whatever their method and headers: the next handler finds
 * the {@link Caller} on the context. All others fail the context with an {@link ApiException}: 401, or 503 while the
 * keys of the token's issuer cannot be had. A body that arrives meanwhile waits.
 */
public final class CallerHandler implements Handler<RoutingContext> {
    private static final String SCHEME = "Bearer ";

    private final TokenVerifier verifier;

    CallerHandler(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** Puts the caller on the context and goes on, or fails the context. */
    @Override
    public void handle(RoutingContext context) {
        Future<Caller> caller = Future.succeededFuture(context.request())
                .map(CallerHandler::bearer)
                .compose(verifier::verify);
        if (caller.isComplete()) {
            answer(context, caller);
        } else {
            answerLater(context, caller);
        }
    }

    /** The token of the one {@code Authorization} header (RFC 6750, section 2.1); query and form are not looked at. */
    private static String bearer(HttpServerRequest request) {
        List<String> headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        if (headers.isEmpty()) {
            throw ApiError.AuthenticationFailed.because(
                    RefusalReason.NO_CREDENTIAL, "The header `Authorization: Bearer <access token>` is missing.");
        }
        String header = headers.get(0);
        if (headers.size() > 1 || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw ApiError.AuthenticationFailed.because(
                    RefusalReason.MALFORMED_HEADER,
                    "The header `Authorization` must be given once and be `Bearer <access token>`.");
        }
        return header.substring(SCHEME.length());
    }

    private static void answerLater(RoutingContext context, Future<Caller> caller) {
        HttpServerRequest request = context.request();
        if (!request.isEnded()) {
            request.pause();
        }
        // The keys may arrive on another thread; a request belongs to its own.
        Context own = context.vertx().getOrCreateContext();
        caller.onComplete(result -> own.runOnContext(now -> {
            if (!request.isEnded()) {
                request.resume();
            }
            answer(context, caller);
        }));
    }

    private static void answer(RoutingContext context, Future<Caller> caller) {
        if (caller.succeeded()) {
            caller.result().putOn(context);
            context.next();
        } else if (caller.cause() instanceof ApiException refusal) {
            context.fail(refusal.error().status(), refusal);
        } else {
            context.fail(caller.cause());
        }
    }
}
