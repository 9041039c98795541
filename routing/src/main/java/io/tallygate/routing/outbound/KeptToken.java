package io.tallygate.routing.outbound;

import io.tallygate.routing.outbound.TokenIssuer.Access;
import io.tallygate.routing.outbound.TokenIssuer.NoToken;
import io.tallygate.routing.outbound.TokenIssuer.Token;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A token that is kept until shortly before it expires. However many ask, one fetch is under way. Safe for
 * several threads.
 */
final class KeptToken {
    private final TokenIssuer issuer;
    private Token kept;
    private Future<Access> underway;

    KeptToken(TokenIssuer issuer) {
        this.issuer = issuer;
    }

    /** The token that is kept, or a new one. */
    Future<Access> access(Deadline deadline) {
        return current(deadline)
                .timeout(Math.max(1, deadline.leftMillis()), TimeUnit.MILLISECONDS)
                .recover(KeptToken::late);
    }

    /** The endpoint did not take this token: it is not used again. */
    synchronized void invalidate(Token refused) {
        // Another submission may have fetched a new one meanwhile.
        if (refused.equals(kept)) {
            kept = null;
        }
    }

    private static Future<Access> late(Throwable failure) {
        return failure instanceof TimeoutException
                ? Future.succeededFuture(NoToken.of(Trouble.NotSent, "no token in time", Optional.empty()))
                : Future.failedFuture(failure);
    }

    private synchronized Future<Access> current(Deadline deadline) {
        if (underway != null) {
            return underway;
        }
        if (kept != null && kept.staleNanos() - System.nanoTime() > 0) {
            return Future.succeededFuture(kept);
        }
        Promise<Access> promise = Promise.promise();
        underway = promise.future();
        issuer.fetch(deadline).onComplete(result -> settle(result, promise));
        return promise.future();
    }

    private void settle(AsyncResult<Access> result, Promise<Access> promise) {
        synchronized (this) {
            underway = null;
            kept = result.succeeded() && result.result() instanceof Token token ? token : null;
        }
        promise.handle(result);
    }
}
