package io.tallygate.gateway;

import io.tallygate.gateway.auth.CallerHandler;
import io.tallygate.gateway.export.BodyCoding;
import io.tallygate.gateway.http.ConnectionGuard;
import io.tallygate.gateway.http.Connections;
import io.tallygate.gateway.http.InvalidRequestHandler;
import io.tallygate.gateway.http.RefusalListener;
import io.tallygate.gateway.observe.RequestObserver;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The public HTTP server. Several instances share one port. */
public final class GatewayVerticle extends VerticleBase {
    private static final int MAX_HEADERS = 32 << 10;
    private static final int MAX_LINE = 16 << 10;
    private static final int IDLE_SECONDS = 120;
    private static final int HANDSHAKE_SECONDS = 10;
    private static final int HTTP2_STREAMS = 100;
    // HTTP/2: streams that a client opens and resets, or has us reset, in half a minute; empty continuations of one
    // head.
    private static final int HTTP2_RESETS = 200;
    private static final int HTTP2_RESET_SECONDS = 30;
    private static final int HTTP2_CONTINUATIONS = 8;
    // Forward secret and authenticated only: TLS 1.3's, and of TLS 1.2's those that every client of ten years has.
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final GatewayConfig config;
    private final GatewayRouter router;
    private final CallerHandler callers;
    private final RefusalListener refusals;
    private final RequestObserver observer;
    private final Connections connections;
    private final Duration drain;
    private HttpServer server;
    private volatile boolean leaving;

    /** Serves the routes; when stopped, requests in flight get the time {@code drain} to end. */
    public GatewayVerticle(
            GatewayConfig config,
            GatewayRouter router,
            CallerHandler callers,
            RefusalListener refusals,
            RequestObserver observer,
            Connections connections,
            Duration drain) {
        this.config = config;
        this.router = router;
        this.callers = callers;
        this.refusals = refusals;
        this.observer = observer;
        this.connections = connections;
        this.drain = drain;
    }

    @Override
    public Future<?> start() {
        server = vertx.createHttpServer(options(config));
        ConnectionGuard guard = new ConnectionGuard(vertx, connections);
        Router routes = router.on(vertx, callers, refusals, observer);
        // Before all others.
        routes.route().order(-1).handler(ctx -> {
            if (leaving) {
                sendAway(ctx, guard);
            }
            ctx.next();
        });
        return server.connectionHandler(guard::opened)
                .requestHandler(request -> {
                    guard.began(request);
                    routes.handle(request);
                })
                .invalidRequestHandler(new InvalidRequestHandler())
                .listen();
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
    }

    /**
     * Asks callers to come back by another connection, and serves them until it is stopped. An answer of HTTP/1.1 says that it
     * is the last of its connection; a connection of HTTP/2 gets a GOAWAY when all on it is answered.
     */
    public void leave() {
        leaving = true;
    }

    // Not sooner: some clients, as that of Java before 24, give up what is under way when a GOAWAY comes.
    private static void sendAway(RoutingContext ctx, ConnectionGuard guard) {
        HttpConnection connection = ctx.request().connection();
        if (ctx.request().version() == HttpVersion.HTTP_2) {
            ctx.addEndHandler(answered -> {
                if (guard.isAnswered(connection)) {
                    connection.shutdown(IDLE_SECONDS, TimeUnit.SECONDS);
                }
            });
        } else {
            ctx.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    @Override
    public Future<?> stop() {
        return server.shutdown(drain.toMillis(), TimeUnit.MILLISECONDS);
    }

    // A stream has its own patience, which may be longer: it must not be cut off before.
    private static int idleSeconds(GatewayConfig config) {
        return (int) config.streams().idleTimeout().toSeconds() + IDLE_SECONDS;
    }

    private static HttpServerOptions options(GatewayConfig config) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setIdleTimeout(idleSeconds(config))
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHttp2ClearTextEnabled(false)
                .setCompressionSupported(true)
                .setCompressionLevel(BodyCoding.LEVEL)
                .setDecompressionSupported(false)
                .setHandle100ContinueAutomatically(true)
                // There are no web sockets here.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(HTTP2_STREAMS)
                        .setMaxHeaderListSize(MAX_HEADERS))
                .setHttp2RstFloodMaxRstFramePerWindow(HTTP2_RESETS)
                .setHttp2RstFloodWindowDuration(HTTP2_RESET_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                .setHttp2MaxSmallContinuationFrames(HTTP2_CONTINUATIONS);
        config.tls().ifPresent(tls -> {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addCertValue(tls.certificate())
                            .addKeyValue(tls.key()));
            CIPHERS.forEach(options::addEnabledCipherSuite);
        });
        return options;
    }
}
