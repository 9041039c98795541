package io.tallygate.gateway.auth;

import io.tallygate.routing.trace.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Fetches small documents, and posts small forms, over https, and survives whatever is at the other end: no redirects,
 * at most 64 KiB, all of it within a deadline that a dripping body cannot stretch. Call it from Vert.x contexts.
 */
public final class HttpsDocuments {
    private static final int FEW = 2;
    private static final int OK = 200;

    private final Vertx vertx;
    private final HttpClient client;
    private final Duration deadline;

    /**
     * @param caPem the authorities to trust instead of the Java runtime's
     * @param deadline for each document, from the call to the last byte
     */
    HttpsDocuments(Vertx vertx, Optional<String> caPem, Duration deadline) {
        this(vertx, caPem, deadline, FEW);
    }

    /**
     * The same.
     *
     * @param connections at the same time; ten times as many may wait for one
     */
    public HttpsDocuments(Vertx vertx, Optional<String> caPem, Duration deadline, int connections) {
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
                options, new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(10 * connections));
    }

    /** What came back, whatever the status. */
    public record Reply(int status, Buffer body) {
        /** Not the body. */
        @Override
        public String toString() {
            return "Reply[" + status + "]";
        }
    }

    /** The document's bytes, or a failure that names the address. */
    public Future<byte[]> get(URI uri) {
        return fetch(uri, new RequestOptions().setMethod(HttpMethod.GET), null).map(reply -> {
            if (reply.status() != OK) {
                throw new IllegalStateException(
                        uri + " answered " + reply.status() + ", not 200 (redirects are not followed)");
            }
            return reply.body().getBytes();
        });
    }

    /**
     * What is answered to a form, of any status, or a failure that names the address.
     *
     * @param form {@code application/x-www-form-urlencoded}
     * @param authorization the header of that name, if there is to be one
     * @param trace of what makes us ask, if there is one
     */
    public Future<Reply> post(URI uri, String form, Optional<String> authorization, Optional<TraceContext> trace) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .putHeader(HttpHeaders.CONTENT_TYPE, HttpHeaders.APPLICATION_X_WWW_FORM_URLENCODED);
        authorization.ifPresent(header -> options.putHeader(HttpHeaders.AUTHORIZATION, header));
        trace.ifPresent(cause -> options.putHeader(TraceContext.HEADER, cause.header()));
        return fetch(uri, options, Buffer.buffer(form));
    }

    private Future<Reply> fetch(URI uri, RequestOptions options, Buffer sent) {
        Optional<String> problem = HttpsUri.problem(uri.toString());
        if (problem.isPresent()) {
            return Future.failedFuture(new IllegalArgumentException(uri + " " + problem.get()));
        }
        return new Fetch(uri, sent)
                .start(options.setAbsoluteURI(uri.toString())
                        .setFollowRedirects(false)
                        .putHeader(HttpHeaders.ACCEPT, "application/json"));
    }

    /** Ends what is under way and closes the connections. */
    public Future<Void> close() {
        return client.close();
    }

    /** One request. */
    private final class Fetch {
        private final URI uri;
        private final Buffer sent;
        private final Promise<Reply> result = Promise.promise();
        private final Buffer body = Buffer.buffer();
        private HttpClientRequest request;
        private int status;
        private long timer;

        Fetch(URI uri, Buffer sent) {
            this.uri = uri;
            this.sent = sent;
        }

        Future<Reply> start(RequestOptions options) {
            timer = vertx.setTimer(deadline.toMillis(), id -> fail("did not answer within " + deadline));
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
            (sent == null ? request.send() : request.send(sent))
                    .onSuccess(this::receive)
                    .onFailure(this::fail);
        }

        private void receive(HttpClientResponse response) {
            // First of all, for the same reason.
            response.exceptionHandler(this::fail);
            if (result.future().isComplete()) {
                return;
            }
            status = response.statusCode();
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
            result.tryComplete(new Reply(status, body));
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
