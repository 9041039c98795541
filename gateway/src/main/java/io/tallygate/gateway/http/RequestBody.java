package io.tallygate.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicLong;

/** Reads request bodies that are small enough to be held in memory. */
public final class RequestBody {
    private static final String KEY = RequestBody.class.getName();
    private static final long MAX_DISCARDED = 64 << 20;

    private RequestBody() {}

    /**
     * The whole body; empty if there is none. One that takes too long fails with {@code RequestTimeout}.
     *
     * @param max bytes; one more fails with {@code RequestEntityTooLarge}
     */
    public static Future<Buffer> read(RoutingContext ctx, int max) {
        HttpServerRequest request = ctx.request();
        if (request.isEnded()) {
            return Future.succeededFuture(Buffer.buffer());
        }
        Buffer body = Buffer.buffer();
        Promise<Buffer> whole = Promise.promise();
        BodyPatience.Watch watch = BodyPatience.of(ctx)
                .begin(
                        ctx.vertx(),
                        () -> whole.tryFail(ApiError.RequestTimeout.because("The body did not arrive in time")));
        request.handler(chunk -> {
            watch.received(chunk.length());
            if (body.length() + chunk.length() > max) {
                whole.tryFail(ApiError.RequestEntityTooLarge.because("The body may have at most " + max + " bytes"));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(ended -> whole.tryComplete(body));
        request.exceptionHandler(broken -> whole.tryFail(unreadable(broken)));
        request.resume();
        return whole.future().onComplete(over -> watch.stop());
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
     * read would wait for ever, and so would the next request on its connection. A sender that goes on and on, or hardly
     * goes on, is cut.
     */
    static void discard(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        if (request.isEnded()) {
            return;
        }
        AtomicLong left = new AtomicLong(MAX_DISCARDED);
        BodyPatience.Watch watch = BodyPatience.of(ctx).begin(ctx.vertx(), () -> hangUp(request));
        request.handler(chunk -> {
            watch.received(chunk.length());
            if (left.addAndGet(-chunk.length()) < 0) {
                request.connection().close();
            }
        });
        request.endHandler(ended -> watch.stop());
        request.exceptionHandler(gone -> watch.stop());
        request.resume();
    }

    /** Takes no more of a body whose request is answered. */
    static void hangUp(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            // RFC 9113, section 8.1: without an error, since the answer is whole.
            request.response().reset(0);
        } else {
            request.connection().close();
        }
    }

    /** Reads the body and keeps it for {@link #of}. */
    static Future<Void> keep(RoutingContext ctx, int max) {
        return read(ctx, max).map(body -> {
            ctx.put(KEY, body);
            return null;
        });
    }

    /** The body that was read before the route's handler ran. */
    static Buffer of(RoutingContext ctx) {
        return ctx.get(KEY);
    }
}
