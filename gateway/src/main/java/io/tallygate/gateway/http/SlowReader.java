package io.tallygate.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;

/** Cuts off who does not take an answer: it lies in memory until it is taken. A byte now and then does not count. */
final class SlowReader {
    private static final long SECONDS = 30;
    private static final int BYTES_A_SECOND = 16 << 10;

    private SlowReader() {}

    /** Gives the reader half a minute, and a second more for each 16 KiB of the answer. */
    static void cutLater(RoutingContext ctx, Future<Void> sent, int bytes) {
        if (sent.isComplete()) {
            return;
        }
        long millis = TimeUnit.SECONDS.toMillis(SECONDS + bytes / BYTES_A_SECOND);
        long timer = ctx.vertx().setTimer(millis, late -> cut(ctx.request()));
        sent.onComplete(taken -> ctx.vertx().cancelTimer(timer));
    }

    private static void cut(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            FailureHandler.cut(request.response());
        } else {
            // All is written as far as the response knows: it could not be reset.
            request.connection().close();
        }
    }
}
