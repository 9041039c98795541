package io.tallygate.gateway.http;

import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.store.NotKeptException;
import io.tallygate.store.StoreBusyException;
import io.tallygate.store.StoreUnavailableException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns whatever a request failed with into {@code {"error":{"code","message"}}}: the one place where that is written.
 */
public final class FailureHandler implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);
    private static final long RETRY_AFTER_SECONDS = 5;
    private static final int RETRY_AFTER_SEALING_SECONDS = 60;
    // RFC 9113, section 7: INTERNAL_ERROR. A reset without an error (0) looks like a good end to curl and to browsers.
    private static final long HTTP2_INTERNAL_ERROR = 2;
    private static final int UNTOLD = -1;

    private final RefusalListener refusals;
    private final int status;

    /** Tells the listener of what is refused. */
    FailureHandler(RefusalListener refusals) {
        this(refusals, UNTOLD);
    }

    private FailureHandler(RefusalListener refusals, int status) {
        this.refusals = refusals;
        this.status = status;
    }

    /** The same for requests that no route took: their context does not say why, as that a path cannot be decoded. */
    FailureHandler unrouted(int why) {
        return new FailureHandler(refusals, why);
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerResponse response = ctx.response();
        if (response.ended()) {
            return;
        }
        if (response.closed() && isGone(ctx.failure())) {
            LOG.debug("A client went away before it was answered");
            return;
        }
        ApiException failure = failureOf(ctx);
        ObservedRequest.of(ctx).failed(failure.error().name());
        if (isRefusal(failure.error())) {
            refusals.refused(ctx, failure);
        }
        if (response.headWritten()) {
            // The status line is gone: only a cut connection tells the client that this is not the whole answer.
            cut(response);
            return;
        }
        response.setStatusCode(failure.error().status()).putHeader("Content-Type", Answer.JSON);
        addHeaders(failure, ctx.request(), response);
        // Over HTTP/2 a body would really be sent, and HEAD has none.
        Buffer body = ctx.request().method().equals(HttpMethod.HEAD)
                ? Buffer.buffer()
                : body(failure.error(), failure.getMessage()).toBuffer();
        send(ctx, failure.error(), body);
    }

    private static void send(RoutingContext ctx, ApiError error, Buffer body) {
        HttpServerResponse response = ctx.response();
        if (error == ApiError.RequestTimeout) {
            // What is left of the body may never come.
            response.end(body).onComplete(sent -> RequestBody.hangUp(ctx.request()));
            return;
        }
        response.end(body);
        RequestBody.discard(ctx);
    }

    /** Ends an answer whose head is sent, so that every client sees that the rest is missing. */
    public static void cut(HttpServerResponse response) {
        response.reset(HTTP2_INTERNAL_ERROR);
    }

    private static boolean isRefusal(ApiError error) {
        return error.status() == 401 || error.status() == 403 || error.status() == 429;
    }

    private static boolean isGone(Throwable failure) {
        return failure instanceof HttpClosedException || failure instanceof StreamResetException;
    }

    /** The error's body. */
    public static JsonObject body(ApiError error, String message) {
        return new JsonObject()
                .put("error", new JsonObject().put("code", error.name()).put("message", message));
    }

    /** What a failure is called in an answer; a defect is logged here. */
    public static ApiException translate(Throwable failure) {
        if (failure instanceof ApiException refusal) {
            return refusal;
        }
        if (failure instanceof StoreBusyException) {
            return ApiError.TooManyRequests.because(RefusalReason.BUSY, "The gateway is too busy: ask again shortly");
        }
        if (failure instanceof StoreUnavailableException) {
            LOG.warn("A request could not be served: {}", failure.getMessage());
            return ApiError.ServiceUnavailable.because("The store is away: ask again shortly");
        }
        if (failure instanceof NotKeptException past) {
            return ApiError.RequestStartTimeBeforeRetention.because(
                    "Usage before " + past.floor() + " is not kept any more: ask from there on");
        }
        LOG.error("A request failed", failure);
        return ApiError.InternalServerError.because("The gateway failed: quote the x-ms-request-id to its operator");
    }

    private ApiException failureOf(RoutingContext ctx) {
        if (ctx.failure() instanceof ApiException || (ctx.failure() != null && ctx.statusCode() >= 500)) {
            return translate(ctx.failure());
        }
        return switch (ctx.statusCode() == UNTOLD ? status : ctx.statusCode()) {
            case 405 ->
                ApiError.MethodNotAllowed.because(
                        "`" + WireText.quoted(ctx.request().method().name()) + "` is not a method of this route");
            case 413 -> ApiError.RequestEntityTooLarge.because("The body is larger than this route takes");
            case 414 -> ApiError.RequestUriTooLong.because("The request line is too long");
            case 415 -> ApiError.UnsupportedMediaType.because("The content type is not one that this route takes");
            case 431 -> ApiError.RequestHeaderFieldsTooLarge.because("The headers are too large");
            case 400 ->
                ApiError.InvalidProperty.because(
                        "The request is malformed: expected a path and a query in percent-encoded UTF-8");
            case 404 -> ApiError.ResourceNotFound.because("There is no such route");
            default ->
                translate(
                        ctx.failure() == null
                                ? new IllegalStateException("Status " + ctx.statusCode())
                                : ctx.failure());
        };
    }

    private static void addHeaders(ApiException failure, HttpServerRequest request, HttpServerResponse response) {
        ApiError error = failure.error();
        switch (error.status()) {
            case 202 -> response.putHeader("Retry-After", Integer.toString(RETRY_AFTER_SEALING_SECONDS));
            case 401 -> response.putHeader("WWW-Authenticate", challenge(error, request));
            case 429, 503 ->
                response.putHeader(
                        "Retry-After",
                        failure.retryAfterSeconds().orElse(RETRY_AFTER_SECONDS).toString());
            default -> {}
        }
    }

    // Basic only to who began with it: a browser would ask its user for a password.
    private static String challenge(ApiError error, HttpServerRequest request) {
        String sent = request.getHeader("Authorization");
        if (sent != null && sent.regionMatches(true, 0, "Basic ", 0, "Basic ".length())) {
            return "Basic realm=\"tallygate\", charset=\"UTF-8\"";
        }
        return error == ApiError.InvalidAuthenticationToken
                ? "Bearer realm=\"tallygate\", error=\"invalid_token\""
                : "Bearer realm=\"tallygate\"";
    }
}
