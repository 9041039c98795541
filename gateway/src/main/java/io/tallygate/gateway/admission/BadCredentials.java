package io.tallygate.gateway.admission;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.ClientAddress;
import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * Refuses, before any credential is looked at, whoever sent too many bad ones lately: each 401 costs a token of its
 * address, unless it was given for none at all: any website can have its visitors' browsers ask without one. What comes
 * through a trusted proxy counts for the address that the proxy names.
 */
public final class BadCredentials implements Handler<RoutingContext> {
    private static final String BAD = BadCredentials.class.getName();
    private static final int UNAUTHORIZED = 401;

    private final ClientAddress addresses;
    private final Admission admission;
    private final Tarpit flooders = new Tarpit();

    /** Counts for one process. */
    public BadCredentials(ClientAddress addresses, Admission admission) {
        this.addresses = addresses;
        this.admission = admission;
    }

    /** Counts a request that brought a bad credential of another kind, whatever it is answered. */
    public static void count(RoutingContext ctx) {
        ctx.put(BAD, true);
    }

    @Override
    public void handle(RoutingContext ctx) {
        String address = addresses.of(ctx.request());
        TokenBuckets<String> failures = admission.rates().failures();
        Duration wait = failures.wouldWait(address);
        if (!wait.isZero()) {
            flooders.refuse(
                    ctx,
                    ApiError.TooManyRequests.because(
                                    RefusalReason.BAD_CREDENTIALS,
                                    "Too many credentials from your address were refused:"
                                            + " ask again after the time that Retry-After says")
                            .retryAfter(wait));
            return;
        }
        ctx.addHeadersEndHandler(answered -> {
            if (isBad(ctx)) {
                failures.take(address);
            }
        });
        ctx.next();
    }

    private static boolean isBad(RoutingContext ctx) {
        boolean nothing = ctx.failure() instanceof ApiException refusal
                && refusal.reason().filter(RefusalReason.NO_CREDENTIAL::equals).isPresent();
        return ctx.get(BAD) != null || (ctx.response().getStatusCode() == UNAUTHORIZED && !nothing);
    }
}
