package io.tallygate.gateway.management;

import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.RefusalListener;
import io.tallygate.gateway.http.RequestHandling;
import io.tallygate.gateway.http.TakenBody;
import io.tallygate.gateway.observe.RequestObserver;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The management server, for whoever runs the gateway: {@code /health/live} is 200 while the process answers at all,
 * {@code /health/ready} is 200 or 503 with the state of each check and what may become a problem, {@code /info} says what
 * runs, {@code /metrics} is for Prometheus.
 */
public final class ManagementVerticle extends VerticleBase {
    private static final int IDLE_SECONDS = 30;
    // Whoever asks gives up soon; a check that hangs is an answer too.
    private static final int CHECK_SECONDS = 3;

    private final String host;
    private final int port;
    private final List<HealthCheck> checks;
    private final Supplier<List<String>> warnings;
    private final Supplier<Answer> metrics;
    private final Supplier<Future<JsonObject>> info;
    private HttpServer server;

    /**
     * Serves on a port of its own, 0 for any free one.
     *
     * @param checks in the order in which they are shown
     * @param warnings gives what is no problem yet
     * @param metrics gives what they are now
     * @param info gives what runs
     */
    public ManagementVerticle(
            String host,
            int port,
            List<HealthCheck> checks,
            Supplier<List<String>> warnings,
            Supplier<Answer> metrics,
            Supplier<Future<JsonObject>> info) {
        this.host = host;
        this.port = port;
        this.checks = List.copyOf(checks);
        this.warnings = warnings;
        this.metrics = metrics;
        this.info = info;
    }

    @Override
    public Future<?> start() {
        Router router = RequestHandling.router(vertx, RefusalListener.NONE, RequestObserver.NONE);
        router.get("/health/live").handler(RequestHandling.respond(ctx -> live(), TakenBody.NONE));
        router.get("/health/ready").handler(RequestHandling.respond(ctx -> readiness(), TakenBody.NONE));
        router.get("/metrics")
                .handler(RequestHandling.respond(ctx -> Future.succeededFuture(metrics.get()), TakenBody.NONE));
        router.get("/info").handler(RequestHandling.respond(ctx -> info.get().map(Answer::ok), TakenBody.NONE));
        server = vertx.createHttpServer(
                new HttpServerOptions().setHost(host).setPort(port).setIdleTimeout(IDLE_SECONDS));
        return server.requestHandler(router).listen();
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
    }

    @Override
    public Future<?> stop() {
        return server.close();
    }

    private static Future<Answer> live() {
        return Future.succeededFuture(Answer.ok(new JsonObject().put("status", "UP")));
    }

    private Future<Answer> readiness() {
        List<Future<JsonObject>> results =
                checks.stream().map(ManagementVerticle::state).toList();
        return Future.all(results).map(all -> {
            boolean up = all.<JsonObject>list().stream()
                    .noneMatch(check -> check.getString("status").equals("DOWN"));
            JsonObject body = new JsonObject()
                    .put("status", up ? "UP" : "DOWN")
                    .put("checks", new JsonArray(all.list()))
                    .put("warnings", new JsonArray(warnings.get()));
            return Answer.json(up ? 200 : 503, body);
        });
    }

    private static Future<JsonObject> state(HealthCheck check) {
        return check.problems()
                .get()
                .timeout(CHECK_SECONDS, TimeUnit.SECONDS)
                .recover(failure -> Future.succeededFuture(List.of(String.valueOf(failure.getMessage()))))
                .map(problems -> new JsonObject()
                        .put("name", check.name())
                        .put("status", problems.isEmpty() ? "UP" : check.decides() ? "DOWN" : "WARN")
                        .put("problems", new JsonArray(problems)));
    }
}
