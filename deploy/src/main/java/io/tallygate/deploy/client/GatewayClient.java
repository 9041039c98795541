package io.tallygate.deploy.client;

import io.tallygate.gateway.http.Excerpt;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * HTTP/1.1 to one gateway, a request at a time, for a thread that waits. It reads the answer while it still writes the
 * request: the gateway answers an NDJSON body as it goes, and the JDK's client, which reads only when everything is
 * written, comes to a standstill with it as soon as the answers fill the socket.
 */
public final class GatewayClient implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final Duration SILENCE = Duration.ofMinutes(2);
    private static final int CHUNK = 1 << 16;

    private final Vertx vertx;
    private final HttpClient http;
    private final String baseUrl;
    private final Context context;
    private boolean reached;

    /**
     * A client.
     *
     * @param baseUrl where the gateway is, with or without a path
     * @param caFile PEM certificates to trust, or null for those of the Java platform
     */
    public GatewayClient(String baseUrl, Path caFile) {
        this(baseUrl, caFile, SILENCE);
    }

    /**
     * A client that waits so long for another byte.
     *
     * @param silence instead of two minutes
     */
    public GatewayClient(String baseUrl, Path caFile, Duration silence) {
        this.vertx = vertx();
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                // Not the idle timeout of a request, which ends with the answer's headers.
                .setReadIdleTimeout(Math.toIntExact(silence.toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxChunkSize(CHUNK)
                .setDecompressionSupported(true);
        if (caFile != null) {
            options.setTrustOptions(
                    new PemTrustOptions().addCertPath(caFile.toAbsolutePath().toString()));
        }
        this.context = vertx.getOrCreateContext();
        this.http = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(1));
        this.baseUrl = baseUrl.replaceFirst("/+$", "");
    }

    /**
     * Sends a request and waits for its answer, at most two minutes without a byte.
     *
     * @param body sent as {@code contentType}, or null
     * @throws StoppedException if the gateway cannot be reached at all or is not who it should be
     */
    public GatewayAnswer send(HttpMethod method, String path, String token, String contentType, Buffer body)
            throws StoppedException {
        RequestOptions options = options(method, path, token).putHeader(HttpHeaders.ACCEPT, "application/json");
        if (body != null) {
            options.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        }
        Promise<GatewayAnswer> answered = Promise.promise();
        // All on one event loop: an answer could otherwise be over before anyone listens to it.
        context.runOnContext(start -> exchange(options, body).onComplete(answered));
        GatewayAnswer answer = answered.future().await();
        requireReachable(answer);
        return answer;
    }

    /**
     * Sends a request without a body and waits until its answer begins, at most two minutes.
     *
     * @param gzip whether the answer may come compressed; it is read as it was before
     * @return to be closed; it tells also of no answer
     * @throws StoppedException if the gateway cannot be reached at all or is not who it should be
     */
    public GatewayStream open(HttpMethod method, String path, String token, boolean gzip) throws StoppedException {
        RequestOptions options = options(method, path, token);
        if (gzip) {
            options.putHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
        }
        options.putHeader("TE", "trailers");
        Promise<GatewayStream> opened = Promise.promise();
        context.runOnContext(start -> http.request(options)
                .compose(HttpClientRequest::send)
                .compose(response -> GatewayStream.of(response, context))
                .otherwise(failure -> GatewayStream.failed(failure, context))
                .onComplete(opened));
        GatewayStream stream = opened.future().await();
        requireReachable(stream.answer());
        return stream;
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private static Vertx vertx() {
        // Nothing is read from the class path, so there is no cache to leave behind.
        return Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    private RequestOptions options(HttpMethod method, String path, String token) {
        return new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(baseUrl + path)
                .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
    }

    private Future<GatewayAnswer> exchange(RequestOptions options, Buffer body) {
        return http.request(options)
                .compose(request -> body == null ? request.send() : request.send(body))
                .compose(GatewayClient::read)
                .otherwise(failure -> new GatewayAnswer(0, null, "", failure));
    }

    static Future<GatewayAnswer> read(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        response.handler(body::appendBuffer);
        return response.end()
                .map(end -> answer(response, body, null))
                .otherwise(failure -> answer(response, body, failure));
    }

    private static GatewayAnswer answer(HttpClientResponse response, Buffer body, Throwable failure) {
        return new GatewayAnswer(
                response.statusCode(),
                response.getHeader(HttpHeaders.RETRY_AFTER),
                body.toString(StandardCharsets.UTF_8),
                failure);
    }

    /** A wrong address or certificate does not mend itself; a gateway that answered before may come back. */
    private void requireReachable(GatewayAnswer answer) throws StoppedException {
        boolean untrusted = answer.failure() instanceof SSLException;
        if (answer.status() == 0 && (untrusted || !reached)) {
            throw new StoppedException("cannot talk to " + baseUrl + ": "
                    + Excerpt.oneLine(answer.failure().toString())
                    + (untrusted ? " (is --ca the gateway's?)" : " (is the gateway running there?)"));
        }
        reached |= answer.status() != 0;
    }
}
