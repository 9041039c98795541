package io.tallygate.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Reads request bodies that are small enough to be held in memory. */
public final class RequestBody {
    private static final String KEY = RequestBody.class.getName();
    private static final String DISCARDED = KEY + ".discarded";
    private static final long MAX_DISCARDED = 64 << 20;
    private static final int MAX_DROPPED = 64 << 10;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private RequestBody() {}

    /**
     * The whole body; empty if there is none. One that takes too long fails with {@code RequestTimeout}, one for which
     * there is no room now with {@code TooManyRequests}.
     *
     * @param max bytes; one more fails with {@code RequestEntityTooLarge}
     */
    public static Future<Buffer> read(RoutingContext ctx, int max) {
        HttpServerRequest request = ctx.request();
        if (request.isEnded()) {
            return Future.succeededFuture(Buffer.buffer());
        }
        Buffer body = Buffer.buffer();
        BodyBudget.Held held = BodyBudget.of(ctx).begin(ctx);
        Promise<Buffer> whole = Promise.promise();
        BodyPatience.Watch watch = BodyPatience.of(ctx)
                .begin(
                        ctx.vertx(),
                        () -> whole.tryFail(ApiError.RequestTimeout.because("The body did not arrive in time")));
        request.handler(chunk -> {
            watch.received(chunk.length());
            if (whole.future().isComplete()) {
                return;
            }
            if (body.length() + chunk.length() > max) {
                whole.tryFail(tooLarge(max));
            } else if (!held.add(chunk.length())) {
                whole.tryFail(ApiError.TooManyRequests.because(
                        RefusalReason.BODIES_HELD,
                        "The gateway holds as many bodies as it can: ask again after the time that Retry-After says"));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(ended -> whole.tryComplete(body));
        request.exceptionHandler(broken -> whole.tryFail(unreadable(broken)));
        request.resume();
        return whole.future().onComplete(over -> watch.stop()).onFailure(refused -> held.release());
    }

    /**
     * Throws the body away while its request is served. Whoever sends much of it, or slowly, is cut.
     *
     * <p>Fails with {@code RequestEntityTooLarge} if the request says beforehand that it is not small.
     */
    static Future<Void> drop(RoutingContext ctx) {
        ctx.put(KEY, Buffer.buffer());
        HttpServerRequest request = ctx.request();
        if (request.isEnded()) {
            return Future.succeededFuture();
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && (!NUMBER.matcher(length).matches() || Integer.parseInt(length) > MAX_DROPPED)) {
            return Future.failedFuture(tooLarge(0));
        }
        discard(ctx, MAX_DROPPED);
        return Future.succeededFuture();
    }

    private static ApiException tooLarge(int max) {
        return ApiError.RequestEntityTooLarge.because("The body may have at most " + max + " bytes");
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
        discard(ctx, MAX_DISCARDED);
    }

    private static void discard(RoutingContext ctx, long max) {
        HttpServerRequest request = ctx.request();
        // Once: a second watch would take the first one's handlers, and that one then keep its request until its time
        // is up.
        if (request.isEnded() || ctx.get(DISCARDED) != null) {
            return;
        }
        ctx.put(DISCARDED, true);
        AtomicLong left = new AtomicLong(max);
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

    /** Takes no more of a body; an answer that is under way is cut. */
    static void hangUp(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_2 && !request.response().ended()) {
            FailureHandler.cut(request.response());
        } else if (request.version() == HttpVersion.HTTP_2) {
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
