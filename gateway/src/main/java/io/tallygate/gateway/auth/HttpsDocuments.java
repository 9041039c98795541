package io.tallygate.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Fetches small documents over https, and survives whatever is at the other end: no redirects, at most 64 KiB, all of
 * it within a deadline that a dripping body cannot stretch. Call it from one Vert.x context.
 */
final class HttpsDocuments {
    private final Vertx vertx;
    private final HttpClient client;
    private final Duration deadline;

    /**
     * @param caPem the authorities to trust instead of the Java runtime's
     * @param deadline for each document, from the call to the last byte
     */
    HttpsDocuments(Vertx vertx, Optional<String> caPem, Duration deadline) {
        this.vertx = vertx;
        this.deadline = deadline;
        int millis = Math.toIntExact(deadline.toMillis());
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setTrustAll(false)
                .setConnectTimeout(millis)
                .setSslHandshakeTimeout(millis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                // Once in minutes: a kept connection would mostly be found dead.
                .setKeepAlive(false)
                .setDecompressionSupported(false);
        caPem.ifPresent(pem -> options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem))));
        this.client = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(2).setMaxWaitQueueSize(4));
    }

    /** The document's bytes, or a failure that names the address. */
    Future<byte[]> get(URI uri) {
        Optional<String> problem = HttpsUri.problem(uri.toString());
        if (problem.isPresent()) {
            return Future.failedFuture(new IllegalArgumentException(uri + " " + problem.get()));
        }
        return new Fetch(uri).start();
    }

    /** Ends what is under way and closes the connections. */
    Future<Void> close() {
        return client.close();
    }

    /** One request. */
    private final class Fetch {
        private final URI uri;
        private final Promise<byte[]> result = Promise.promise();
        private final Buffer body = Buffer.buffer();
        private HttpClientRequest request;
        private long timer;

        Fetch(URI uri) {
            this.uri = uri;
        }

        Future<byte[]> start() {
            timer = vertx.setTimer(deadline.toMillis(), id -> fail("did not answer within " + deadline));
            RequestOptions options = new RequestOptions()
                    .setAbsoluteURI(uri.toString())
                    .setFollowRedirects(false)
                    .putHeader(HttpHeaders.ACCEPT, "application/json");
            client.request(options).onSuccess(this::send).onFailure(this::fail);
            return result.future();
        }

        private void send(HttpClientRequest opened) {
            request = opened;
            // A reset without a listener is logged as an error.
            request.exceptionHandler(this::fail);
            if (result.future().isComplete()) {
                reset();
                return;
            }
            request.send().onSuccess(this::receive).onFailure(this::fail);
        }

        private void receive(HttpClientResponse response) {
            // First of all, for the same reason.
            response.exceptionHandler(this::fail);
            if (result.future().isComplete()) {
                return;
            }
            if (response.statusCode() != 200) {
                fail("answered " + response.statusCode() + ", not 200 (redirects are not followed)");
                return;
            }
            response.handler(this::append);
            response.endHandler(end -> succeed());
        }

        private void append(Buffer chunk) {
            if (body.length() + chunk.length() > SmallJson.MAX_BYTES) {
                fail("sent more than " + SmallJson.MAX_BYTES + " bytes");
                return;
            }
            body.appendBuffer(chunk);
        }

        private void succeed() {
            vertx.cancelTimer(timer);
            result.tryComplete(body.getBytes());
        }

        private void fail(Throwable cause) {
            fail("cannot be fetched: " + cause.getMessage());
        }

        private void fail(String why) {
            vertx.cancelTimer(timer);
            if (result.tryFail(new IllegalStateException(uri + " " + why))) {
                reset();
            }
        }

        private void reset() {
            if (request != null) {
                request.reset();
            }
        }
    }
}
