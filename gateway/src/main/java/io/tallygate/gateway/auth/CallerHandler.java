package io.tallygate.gateway.auth;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalReason;
import io.tallygate.gateway.observe.ObservedRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Lets only requests with an accepted token, API key or session through, whatever their method and headers: the next handler finds
 * the {@link Caller} on the context. All others fail the context with an {@link ApiException}: 401, or 503 while the
 * keys of the token's issuer cannot be had. A body that arrives meanwhile waits.
 */
public final class CallerHandler implements Handler<RoutingContext> {
    private final TokenVerifier tokens;
    private final ApiKeyVerifier keys;
    private final BrowserSessions sessions;

    CallerHandler(TokenVerifier tokens, ApiKeyVerifier keys, BrowserSessions sessions) {
        this.tokens = tokens;
        this.keys = keys;
        this.sessions = sessions;
    }

    /** Puts the caller on the context and goes on, or fails the context. */
    @Override
    public void handle(RoutingContext context) {
        Future<Caller> caller = Future.succeededFuture(context)
                .map(this::credential)
                .compose(credential -> verify(context, credential));
        if (caller.isComplete()) {
            answer(context, caller);
        } else {
            answerLater(context, caller);
        }
    }

    /** Whether nothing in the request says who calls: it will be refused. */
    public static boolean isNobody(RoutingContext context, BrowserSessions sessions) {
        if (context.request().headers().contains(HttpHeaders.AUTHORIZATION)) {
            return false;
        }
        try {
            Credential.of(context.request().headers(), query(context), () -> sessions.find(context));
            return false;
        } catch (ApiException refusal) {
            return refusal.reason().filter(RefusalReason.NO_CREDENTIAL::equals).isPresent();
        }
    }

    private Future<Caller> verify(RoutingContext context, Credential credential) {
        ObservedRequest.of(context).authenticating(credential.kind().word());
        return switch (credential.kind()) {
            case TOKEN -> tokens.verify(credential.text());
            case API_KEY -> keys.verify(credential.text());
            case SESSION -> sessions.verify(context, credential.text());
        };
    }

    private Credential credential(RoutingContext context) {
        return Credential.of(context.request().headers(), query(context), () -> sessions.find(context));
    }

    // What cannot be decoded has no key in it; an accepted caller is told of it later. Not the context's own
    // parameters:
    // they throw only when they are asked for first, and are empty from then on.
    private static MultiMap query(RoutingContext context) {
        MultiMap query = MultiMap.caseInsensitiveMultiMap();
        try {
            new QueryStringDecoder(context.request().uri()).parameters().forEach(query::add);
        } catch (IllegalArgumentException malformed) {
            query.clear();
        }
        return query;
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
