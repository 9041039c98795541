package io.tallygate.gateway.admission;

import io.tallygate.gateway.http.ApiException;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Refuses flooders a moment later: one that asks again as soon as it is answered costs five refusals a second for each of
 * its connections, not thousands. A proxy that lends a connection to one after the other loses nothing by it.
 */
final class Tarpit {
    private static final long MILLIS = 200;
    private static final int MOST = 1000;

    private final AtomicInteger waiting = new AtomicInteger();

    /** Fails the request, at once if there are very many. */
    void refuse(RoutingContext ctx, ApiException refusal) {
        if (waiting.incrementAndGet() > MOST) {
            waiting.decrementAndGet();
            ctx.fail(refusal.error().status(), refusal);
            return;
        }
        ctx.vertx().setTimer(delayMillis(), passed -> {
            waiting.decrementAndGet();
            if (!ctx.response().closed()) {
                ctx.fail(refusal.error().status(), refusal);
            }
        });
    }

    // Not all after the same time: who is refused at once would come again at once.
    private static long delayMillis() {
        return ThreadLocalRandom.current().nextLong(MILLIS / 2, MILLIS + MILLIS / 2);
    }
}
