package io.tallygate.gateway.audit;

import io.tallygate.gateway.auth.Caller;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.RefusalListener;
import io.tallygate.gateway.http.RefusalReason;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Tells several observers what is refused, to whom and why. */
public record Refusals(List<RefusalObserver> observers) implements RefusalListener {
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
                address(ctx.request().remoteAddress()));
        observers.forEach(observer -> observer.refused(refusal));
    }

    // Null for a client that is gone.
    private static String address(SocketAddress remote) {
        return remote == null || remote.hostAddress() == null ? NO_ADDRESS : remote.hostAddress();
    }
}
