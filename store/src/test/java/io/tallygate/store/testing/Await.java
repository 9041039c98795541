package io.tallygate.store.testing;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures in tests, which run outside of the event loop. */
public final class Await {
    private Await() {}

    /** The future's value; what it fails with is thrown as it is if unchecked, else as the cause of an AssertionError. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new AssertionError(failed.getCause());
        } catch (InterruptedException | TimeoutException none) {
            throw new AssertionError("No answer in 60 s", none);
        }
    }
}
