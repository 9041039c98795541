package io.tallygate.gateway;

import io.tallygate.gateway.auth.CallerHandler;
import io.tallygate.gateway.export.BodyCoding;
import io.tallygate.gateway.http.InvalidRequestHandler;
import io.tallygate.gateway.http.RefusalListener;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The public HTTP server. Several instances share one port. */
public final class GatewayVerticle extends VerticleBase {
    private static final int MAX_HEADERS = 32 << 10;
    private static final int MAX_LINE = 16 << 10;
    private static final int IDLE_SECONDS = 120;

    private final GatewayConfig config;
    private final GatewayRouter router;
    private final CallerHandler callers;
    private final RefusalListener refusals;
    private final Duration drain;
    private HttpServer server;

    /** Serves the routes; when stopped, requests in flight get the time {@code drain} to end. */
    public GatewayVerticle(
            GatewayConfig config,
            GatewayRouter router,
            CallerHandler callers,
            RefusalListener refusals,
            Duration drain) {
        this.config = config;
        this.router = router;
        this.callers = callers;
        this.refusals = refusals;
        this.drain = drain;
    }

    @Override
    public Future<?> start() {
        server = vertx.createHttpServer(options(config));
        return server.requestHandler(router.on(vertx, callers, refusals))
                .invalidRequestHandler(new InvalidRequestHandler())
                .listen();
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
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
                .setHandle100ContinueAutomatically(true);
        config.tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setUseAlpn(true)
                        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(tls.certificate())
                                .addKeyValue(tls.key())));
        return options;
    }
}
