package io.tallygate.routing.commerce;

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
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts to an endpoint, and survives whatever is at the other end: no redirects, an answer of at most 1 MiB that is
 * never decompressed, all of it within a deadline that a dripping body cannot stretch. It tells apart what was certainly
 * not sent from what may have arrived.
 */
final class CommerceHttp {
    /** The most bytes of an answer. */
    static final int MAX_BODY = 1024 * 1024;

    private static final int IDLE_SECONDS = 15;

    private static final Logger LOG = LoggerFactory.getLogger(CommerceHttp.class);

    private final Vertx vertx;
    private final HttpClient client;

    /**
     * @param config says whom to trust, for how long to wait and how many connections there may be
     * @param echoed whether answers repeat what they are about. If not, each exchange has a connection of its own: a
     *     second answer to one request would be taken for the answer to the next
     */
    CommerceHttp(Vertx vertx, EndpointConfig config, boolean echoed) {
        this.vertx = vertx;
        int millis = Math.toIntExact(config.deadline().toMillis());
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setTrustAll(false)
                .setConnectTimeout(millis)
                .setSslHandshakeTimeout(millis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAlive(echoed)
                // Shorter than a server's usual minute: a connection that it has just closed costs an unknown outcome.
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setDecompressionSupported(false);
        config.caPem()
                .ifPresent(pem -> options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem))));
        int connections = Math.max(1, config.concurrency());
        // One more, for the token.
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(connections + 1).setMaxWaitQueueSize(connections);
        this.client = vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(CommerceHttp::quietly)
                .build();
    }

    // What breaks a connection ends its exchange, which reports it; without a listener it is logged as an error, too.
    private static void quietly(HttpConnection connection) {
        connection.exceptionHandler(broken -> LOG.debug("A connection to an endpoint broke", broken));
    }

    /** Posts the body once. The future never fails. */
    Future<HttpReply> post(URI uri, MultiMap headers, Buffer body, Deadline deadline) {
        Exchange exchange = new Exchange(uri, headers, body);
        // All of an exchange runs on one context, whoever called.
        vertx.getOrCreateContext().runOnContext(start -> exchange.start(deadline));
        return exchange.reply.future();
    }

    /** Ends what is under way and closes the connections. */
    Future<Void> close() {
        return client.close();
    }

    /** One request. */
    private final class Exchange {
        private final URI uri;
        private final MultiMap headers;
        private final Buffer body;
        private final Promise<HttpReply> reply = Promise.promise();
        private final Buffer received = Buffer.buffer();
        private HttpClientRequest request;
        private long timer = -1;

        Exchange(URI uri, MultiMap headers, Buffer body) {
            this.uri = uri;
            this.headers = headers;
            this.body = body;
        }

        void start(Deadline deadline) {
            long left = deadline.leftMillis();
            if (left == 0) {
                fail(Outcome.Refused, "no time was left to send it");
                return;
            }
            timer = vertx.setTimer(left, late -> late());
            RequestOptions options = new RequestOptions()
                    .setAbsoluteURI(uri.toString())
                    .setMethod(HttpMethod.POST)
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
            request.send(body).onSuccess(this::receive).onFailure(this::broken);
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
            if (received.length() + chunk.length() > MAX_BODY) {
                fail(Outcome.Nonsense, "answered with more than " + MAX_BODY + " bytes");
                return;
            }
            received.appendBuffer(chunk);
        }

        private void late() {
            boolean sent = request != null;
            fail(sent ? Outcome.NoAnswer : Outcome.Refused, sent ? "no answer in time" : "no connection in time");
        }

        private void neverConnected(Throwable cause) {
            fail(Outcome.Refused, "no connection: " + cause.getMessage());
        }

        private void broken(Throwable cause) {
            fail(Outcome.NoAnswer, "no answer: " + cause.getMessage());
        }

        private void fail(Outcome outcome, String why) {
            boolean first = end(new HttpReply.Failure(outcome, Detail.of(uri.getHost() + ": " + why)));
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
