package io.tallygate.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicLong;

/** Reads request bodies that are small enough to be held in memory. */
public final class RequestBody {
    private static final String KEY = RequestBody.class.getName();
    private static final long MAX_DISCARDED = 64 << 20;

    private RequestBody() {}

    /**
     * The whole body; empty if there is none.
     *
     * @param max bytes; one more fails with {@code RequestEntityTooLarge}
     */
    public static Future<Buffer> read(HttpServerRequest request, int max) {
        if (request.isEnded()) {
            return Future.succeededFuture(Buffer.buffer());
        }
        Buffer body = Buffer.buffer();
        Promise<Buffer> whole = Promise.promise();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > max) {
                whole.tryFail(ApiError.RequestEntityTooLarge.because("The body may have at most " + max + " bytes"));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(ended -> whole.tryComplete(body));
        request.exceptionHandler(broken -> whole.tryFail(unreadable(broken)));
        request.resume();
        return whole.future();
    }

    /**
     * What a body fails with that ended before its end: the sender is gone, or what it sent is no HTTP, as a chunk of no
     * size. Nobody may fill the log with stack traces by that.
     */
    public static Throwable unreadable(Throwable broken) {
        boolean gone = broken instanceof HttpClosedException || broken instanceof StreamResetException;
        return gone ? broken : ApiError.InvalidProperty.because("The body is not valid HTTP");
    }

    /**
     * Throws away what is left of a body whose request is answered, however its handler left it: a sender that is not
     * read would wait for ever, and so would the next request on its connection. A sender that goes on and on is cut.
     */
    static void discard(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        AtomicLong left = new AtomicLong(MAX_DISCARDED);
        request.handler(chunk -> {
            if (left.addAndGet(-chunk.length()) < 0) {
                request.connection().close();
            }
        });
        request.endHandler(ended -> {});
        request.exceptionHandler(gone -> {});
        request.resume();
    }

    /** Reads the body and keeps it for {@link #of}. */
    static Future<Void> keep(RoutingContext ctx, int max) {
        return read(ctx.request(), max).map(body -> {
            ctx.put(KEY, body);
            return null;
        });
    }

    /** The body that was read before the route's handler ran. */
    static Buffer of(RoutingContext ctx) {
        return ctx.get(KEY);
    }
}
