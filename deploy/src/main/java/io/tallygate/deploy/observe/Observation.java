package io.tallygate.deploy.observe;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.management.HealthCheck;
import io.tallygate.gateway.observe.RequestObserver;
import io.tallygate.routing.desk.BacklogStore;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.SchemaVersion;
import io.tallygate.store.collect.CompletenessStore;
import io.tallygate.store.collect.FileProgressStore;
import io.tallygate.store.gap.GapStore;
import io.tallygate.store.usage.HeldRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All that is seen of one running gateway, from outside of what it does. */
public final class Observation {
    private final Metrics metrics;
    private final StoreFigures figures;
    private final FileFigures files;
    private final PoolUse pool;
    private final SchemaVersion schema;
    private final List<Supplier<Future<Void>>> ends = new CopyOnWriteArrayList<>();

    /**
     * Of the gateway over this database.
     *
     * @param poolSize of its connections
     * @param lag how long after its end a window is to be sealed
     */
    public Observation(PrometheusMeterRegistry registry, Database database, int poolSize, Duration lag, Clock clock) {
        metrics = new Metrics(registry, clock);
        files = new FileFigures(new FileProgressStore(database), registry);
        figures = new StoreFigures(
                new BacklogStore(database),
                new HeldRecordStore(database, new Partitions()),
                new CompletenessStore(database),
                files,
                new GapStore(database),
                lag,
                registry);
        pool = new PoolUse(registry, poolSize);
        schema = new SchemaVersion(database);
    }

    /** What is counted. */
    public Metrics metrics() {
        return metrics;
    }

    /** What the database knows of how far the work is. */
    public StoreFigures figures() {
        return figures;
    }

    /** What the database knows of files that usage is collected from. */
    public FileFigures files() {
        return files;
    }

    /** Has requests counted and logged. */
    public RequestObserver requests() {
        return new RequestObservers(List.of(metrics.requests(), new RequestLog()));
    }

    /** Begins to look, once all endpoints are known. */
    public Future<Void> start(Vertx vertx) {
        return vertx.deployVerticle(figures)
                .onSuccess(id -> ends.add(() -> vertx.undeploy(id)))
                .compose(deployed -> LoopDelay.deploy(vertx, metrics.registry()))
                .onSuccess(id -> ends.add(() -> vertx.undeploy(id)))
                .mapEmpty();
    }

    /** Looks no more. */
    public Future<Void> stop() {
        return Future.join(ends.stream().map(Supplier::get).toList()).mapEmpty();
    }

    /**
     * Checks whose problems are warnings. Sealing and delivery are shared by all gateways: to take this one away from its
     * callers would not make them faster, and all of them would be taken away at once. A full pool passes, and whoever
     * finds it full is told to come again.
     */
    public List<HealthCheck> warnings() {
        return List.of(
                HealthCheck.warning("pool", pool::problems),
                HealthCheck.warning("sealing", figures::lateWindows),
                HealthCheck.warning("delivery", figures::lateDeliveries),
                HealthCheck.warning("collect", this::lateSources));
    }

    private List<String> lateSources() {
        return Stream.concat(figures.lateSources().stream(), files.late().stream())
                .toList();
    }

    /** The answer of {@code /metrics}. */
    public Answer scraped() {
        return new Answer(200, Map.of("Content-Type", Metrics.CONTENT_TYPE), Buffer.buffer(metrics.scrape()));
    }

    /** The answer of {@code /info}. */
    public Future<JsonObject> info() {
        return ProgramInfo.json(schema);
    }
}
