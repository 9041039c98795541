package io.tallygate.gateway.audit;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.ClientAddress;
import io.tallygate.gateway.http.RefusalListener;
import io.tallygate.gateway.http.RefusalReason;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Tells several observers what is refused, to whom and why; to whom as {@link ClientAddress} has it. */
public record Refusals(ClientAddress addresses, List<RefusalObserver> observers) implements RefusalListener {
    private static final String NO_ADDRESS = "unknown";

    /** Tells these, in this order. */
    public Refusals {
        observers = List.copyOf(observers);
    }

    @Override
    public void refused(RoutingContext ctx, ApiException cause) {
        Refusal refusal = new Refusal(
                cause.error().status(),
                cause.reason().map(RefusalReason::word).orElse(cause.error().name()),
                Caller.find(ctx),
                address(addresses.of(ctx.request())));
        observers.forEach(observer -> observer.refused(refusal));
    }

    // A client that is gone has none.
    private static String address(String known) {
        return known.isEmpty() ? NO_ADDRESS : known;
    }
}
