package io.tallygate.routing.outbound;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks somebody outside, and survives whatever is at the other end: no redirects, an answer of so many bytes at the most that is
 * never decompressed, all of it within a deadline that a dripping body cannot stretch. It tells apart what was certainly
 * not sent from what may have arrived.
 */
public final class OutboundHttp {
    private static final int IDLE_SECONDS = 15;

    private static final Logger LOG = LoggerFactory.getLogger(OutboundHttp.class);

    private final Vertx vertx;
    private final HttpClient client;
    private final int maxBody;

    /**
     * Whom to trust and what to bear.
     *
     * @param caPem the authorities to trust instead of the Java runtime's
     * @param patience for a connection and its handshake; each exchange has a deadline of its own besides
     * @param connections at the same time; one more is there for a token
     * @param keepAlive whether a connection is used again. Where answers do not repeat what they are about, each exchange
     *     needs one of its own: a second answer to one request would be taken for the answer to the next
     * @param maxBody the most bytes of an answer
     */
    public record Options(Optional<String> caPem, Duration patience, int connections, boolean keepAlive, int maxBody) {}

    /** Opens no connection before it is asked to send. */
    public OutboundHttp(Vertx vertx, Options bounds) {
        this.vertx = vertx;
        this.maxBody = bounds.maxBody();
        int millis = Math.toIntExact(bounds.patience().toMillis());
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setTrustAll(false)
                .setConnectTimeout(millis)
                .setSslHandshakeTimeout(millis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAlive(bounds.keepAlive())
                // Shorter than a server's usual minute: a connection that it has just closed costs an unknown outcome.
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setDecompressionSupported(false);
        bounds.caPem()
                .ifPresent(pem -> options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem))));
        int connections = Math.max(1, bounds.connections());
        // One more, for the token.
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(connections + 1).setMaxWaitQueueSize(connections);
        this.client = vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(OutboundHttp::quietly)
                .build();
    }

    // What breaks a connection ends its exchange, which reports it; without a listener it is logged as an error, too.
    private static void quietly(HttpConnection connection) {
        connection.exceptionHandler(broken -> LOG.debug("A connection to an endpoint broke", broken));
    }

    /** Asks once. The future never fails. */
    public Future<HttpReply> get(URI uri, MultiMap headers, Deadline deadline) {
        return exchange(new Exchange(HttpMethod.GET, uri, headers, null), deadline);
    }

    /** Posts the body once. The future never fails. */
    public Future<HttpReply> post(URI uri, MultiMap headers, Buffer body, Deadline deadline) {
        return exchange(new Exchange(HttpMethod.POST, uri, headers, body), deadline);
    }

    private Future<HttpReply> exchange(Exchange exchange, Deadline deadline) {
        // All of an exchange runs on one context, whoever called.
        vertx.getOrCreateContext().runOnContext(start -> exchange.start(deadline));
        return exchange.reply.future();
    }

    /** Ends what is under way and closes the connections. */
    public Future<Void> close() {
        return client.close();
    }

    /** One request. */
    private final class Exchange {
        private final HttpMethod method;
        private final URI uri;
        private final MultiMap headers;
        private final Buffer body;
        private final Promise<HttpReply> reply = Promise.promise();
        private final Buffer received = Buffer.buffer();
        private HttpClientRequest request;
        private long timer = -1;

        Exchange(HttpMethod method, URI uri, MultiMap headers, Buffer body) {
            this.method = method;
            this.uri = uri;
            this.headers = headers;
            this.body = body;
        }

        void start(Deadline deadline) {
            long left = deadline.leftMillis();
            if (left == 0) {
                fail(Trouble.NotSent, "no time was left to send it");
                return;
            }
            timer = vertx.setTimer(left, late -> late());
            RequestOptions options = new RequestOptions()
                    .setAbsoluteURI(uri.toString())
                    .setMethod(method)
                    .setFollowRedirects(false)
                    .setHeaders(headers);
            client.request(options).onSuccess(this::send).onFailure(this::neverConnected);
        }

        private void send(HttpClientRequest opened) {
            if (reply.future().isComplete()) {
                opened.reset();
                return;
            }
            request = opened;
            (body == null ? request.send() : request.send(body))
                    .onSuccess(this::receive)
                    .onFailure(this::broken);
        }

        private void receive(HttpClientResponse response) {
            // First of all, because a reset without a listener is logged as an error with a stack trace.
            response.exceptionHandler(this::broken);
            if (reply.future().isComplete()) {
                return;
            }
            response.handler(this::append);
            response.endHandler(end -> end(new HttpReply.Answer(response.statusCode(), response.headers(), received)));
        }

        private void append(Buffer chunk) {
            if (received.length() + chunk.length() > maxBody) {
                fail(Trouble.TooLarge, "answered with more than " + maxBody + " bytes");
                return;
            }
            received.appendBuffer(chunk);
        }

        private void late() {
            boolean sent = request != null;
            fail(sent ? Trouble.NoAnswer : Trouble.NotSent, sent ? "no answer in time" : "no connection in time");
        }

        private void neverConnected(Throwable cause) {
            fail(Trouble.NotSent, "no connection: " + cause.getMessage());
        }

        private void broken(Throwable cause) {
            fail(Trouble.NoAnswer, "no answer: " + cause.getMessage());
        }

        private void fail(Trouble trouble, String why) {
            boolean first = end(new HttpReply.Failure(trouble, Detail.of(uri.getHost() + ": " + why)));
            if (first && request != null) {
                request.reset();
            }
        }

        private boolean end(HttpReply result) {
            vertx.cancelTimer(timer);
            return reply.tryComplete(result);
        }
    }
}
