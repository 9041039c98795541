package io.tallygate.gateway.testing;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures in tests. */
public final class Settled {
    private Settled() {}

    /** The same future, once it has succeeded or failed; at most 30 s. */
    public static <T> Future<T> settled(Future<T> future) {
        try {
            future.transform(done -> Future.succeededFuture()).await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("never settled", e);
        }
        return future;
    }
}
