package io.tallygate.gateway.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;

/**
 * Answers what is no HTTP/1.1 request, and so never reaches a router: in the wire's form of errors, and closes the
 * connection, since nobody knows where the next request would begin.
 */
public final class InvalidRequestHandler implements Handler<HttpServerRequest> {
    @Override
    public void handle(HttpServerRequest request) {
        ApiException refusal = refusal(request.decoderResult().cause());
        SecurityHeaders.put(request);
        request.response()
                .setStatusCode(refusal.error().status())
                .putHeader("Content-Type", Answer.JSON)
                .putHeader("x-ms-request-id", UUID.randomUUID().toString())
                .putHeader("Connection", "close")
                .end(FailureHandler.body(refusal.error(), refusal.getMessage()).toBuffer())
                .onComplete(ended -> request.connection().close());
    }

    private static ApiException refusal(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return ApiError.RequestUriTooLong.because("The request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return ApiError.RequestHeaderFieldsTooLarge.because("The headers are too large");
        }
        return ApiError.InvalidProperty.because("The request is not valid HTTP");
    }
}
