package io.tallygate.deploy.testing;

import static io.tallygate.store.testing.Await.await;

import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/** Reads streams as their bytes come, at any pace, with their trailers: over HTTP/1.1 or HTTP/2. */
public final class StreamCaller implements AutoCloseable {
    private static final int SMALL_BUFFER = 32 << 10;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final HttpClient client;
    private final URI gateway;
    private final String token;

    /** A caller with this token, who keeps little of what it has not read. */
    public StreamCaller(URI gateway, HttpVersion version, String token) {
        this(gateway, version, token, SMALL_BUFFER);
    }

    private StreamCaller(URI gateway, HttpVersion version, String token, int receiveBuffer) {
        this.gateway = gateway;
        this.token = token;
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setProtocolVersion(version)
                .setReceiveBufferSize(receiveBuffer)
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(TestIdentity.get().caFile().toString()));
        client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(100));
    }

    /** A caller of this tenant with these roles, over HTTP/1.1. */
    public static StreamCaller of(TestGateway gateway, TenantId tenant, Role... roles) {
        return of(gateway, HttpVersion.HTTP_1_1, tenant, roles);
    }

    /** A caller who sends no token: its path has an API key. */
    public static StreamCaller anonymous(TestGateway gateway) {
        return new StreamCaller(gateway.url(), HttpVersion.HTTP_1_1, null);
    }

    /** The same as {@link #of(TestGateway, TenantId, Role...)} over this version of HTTP. */
    public static StreamCaller of(TestGateway gateway, HttpVersion version, TenantId tenant, Role... roles) {
        return new StreamCaller(gateway.url(), version, TestIdentity.get().token(tenant, roles));
    }

    /** The same, but one whose buffers grow as those of usual clients do, so that it reads at full speed. */
    public static StreamCaller fast(TestGateway gateway, HttpVersion version, TenantId tenant, Role... roles) {
        return new StreamCaller(
                gateway.url(),
                version,
                TestIdentity.get().token(tenant, roles),
                HttpClientOptions.DEFAULT_RECEIVE_BUFFER_SIZE);
    }

    /** A whole answer. */
    public record Received(int status, HttpVersion version, MultiMap headers, MultiMap trailers, Buffer body) {
        /** The body as text. */
        public String text() {
            return body.toString(StandardCharsets.UTF_8);
        }

        /** The body after gzip. */
        public Buffer unzipped() {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body.getBytes()))) {
                return Buffer.buffer(in.readAllBytes());
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        /** The rows that the trailer counts. */
        public long rows() {
            return Long.parseLong(trailers.get("x-row-count"));
        }

        /** The digest that the trailer says. */
        public String digest() {
            return trailers.get("x-content-sha256");
        }
    }

    /** Reads an answer to its end; headers as {@code Name: value}. */
    public Received get(String path, String... headers) {
        return send(HttpMethod.GET, path, headers);
    }

    /** Asks for the head alone. */
    public Received head(String path, String... headers) {
        return send(HttpMethod.HEAD, path, headers);
    }

    private Received send(HttpMethod method, String path, String... headers) {
        return await(onContext(() -> response(method, path, List.of(headers), false)
                .compose(response -> response.body()
                        .map(body -> new Received(
                                response.statusCode(),
                                response.version(),
                                response.headers(),
                                response.trailers(),
                                body)))));
    }

    // All on the client's own thread: from another one, an answer could begin before anybody listens.
    private <T> Future<T> onContext(Supplier<Future<T>> call) {
        Promise<T> done = Promise.promise();
        context.runOnContext(now -> call.get().onComplete(done));
        return done.future();
    }

    /** Asks for a stream and reads nothing of it but its head. */
    public Reading open(String path, String... headers) {
        return new Reading(await(onContext(() -> response(HttpMethod.GET, path, List.of(headers), true))));
    }

    /** Asks for a stream and waits for nothing. */
    public void start(String path) {
        Future<HttpClientResponse> ignored = onContext(() -> response(HttpMethod.GET, path, List.of(), true));
        ignored.onFailure(expected -> {});
    }

    private Future<HttpClientResponse> response(HttpMethod method, String path, List<String> headers, boolean paused) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost(gateway.getHost())
                .setPort(gateway.getPort())
                .setURI(path);
        if (token != null) {
            options.putHeader("Authorization", "Bearer " + token);
        }
        headers.forEach(
                line -> options.addHeader(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2)));
        return client.request(options).compose(HttpClientRequest::send).map(response -> {
            if (paused) {
                response.pause();
            }
            return response;
        });
    }

    /** SHA-256 in hex. */
    public static String sha256(Buffer bytes) {
        return HexFormat.of().formatHex(newDigest().digest(bytes.getBytes()));
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A stream under way: it is read only when told so, and nothing of it is kept but count, digest and end. */
    public static final class Reading {
        private final HttpClientResponse response;
        private final Promise<Void> end = Promise.promise();
        private final AtomicLong bytes = new AtomicLong();
        private final MessageDigest digest = newDigest();

        private Reading(HttpClientResponse response) {
            this.response = response;
            response.handler(this::received);
            response.exceptionHandler(end::tryFail);
            response.endHandler(ended -> end.tryComplete());
        }

        private void received(Buffer piece) {
            digest.update(piece.getBytes());
            bytes.addAndGet(piece.length());
        }

        /** The answer's status. */
        public int status() {
            return response.statusCode();
        }

        /** How many bytes came so far. */
        public long bytes() {
            return bytes.get();
        }

        /** Takes so many pieces more, of a few KiB each. */
        public void fetch(long pieces) {
            response.fetch(pieces);
        }

        /** Stops reading. */
        public void pause() {
            response.pause();
        }

        /** Reads on as fast as it can. */
        public void resume() {
            response.resume();
        }

        /** Goes away without a word. */
        public void close() {
            await(response.request().connection().close());
        }

        /** Complete at the end, failed if it was cut. */
        public Future<Void> end() {
            return end.future();
        }

        /** After the end: SHA-256 of all that came, in hex. */
        public String sha256() {
            return HexFormat.of().formatHex(digest.digest());
        }

        /** After the end: what the trailer of this name says. */
        public String trailer(String name) {
            return response.trailers().get(name);
        }
    }

    @Override
    public void close() {
        await(client.close());
        await(vertx.close());
    }
}
