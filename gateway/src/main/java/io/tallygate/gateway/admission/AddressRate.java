package io.tallygate.gateway.admission;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ClientAddress;
import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * Counts requests of nobody in particular, as to routes that take no token, to paths that are none, and without a credential
 * where one is needed, by the address that they come from, and refuses one too many. Ten times as many are let in as may have bad credentials.
 */
public final class AddressRate implements Handler<RoutingContext> {
    private final ClientAddress addresses;
    private final Admission admission;
    private final Tarpit flooders = new Tarpit();

    /** Counts for one process. */
    public AddressRate(ClientAddress addresses, Admission admission) {
        this.addresses = addresses;
        this.admission = admission;
    }

    @Override
    public void handle(RoutingContext ctx) {
        TokenBuckets<String> requests = admission.rates().nobody();
        Duration wait = requests.take(addresses.of(ctx.request()));
        if (wait.isZero()) {
            ctx.next();
            return;
        }
        flooders.refuse(
                ctx,
                ApiError.TooManyRequests.because(
                                RefusalReason.ADDRESS_RATE,
                                "Your address asks more often than " + requests.rate()
                                        + " times a second without a token:"
                                        + " ask again after the time that Retry-After says")
                        .retryAfter(wait));
    }
}
