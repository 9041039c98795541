package io.tallygate.deploy;

import io.tallygate.deploy.config.HttpConfig;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.gateway.GatewayConfig;
import io.tallygate.gateway.GatewayHandlers;
import io.tallygate.gateway.GatewayRouter;
import io.tallygate.gateway.GatewayVerticle;
import io.tallygate.gateway.auth.Authentication;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.management.ManagementVerticle;
import io.tallygate.gateway.operations.CloudEndpoints;
import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.delivery.DeliveryObserver;
import io.tallygate.routing.delivery.DeliveryVerticle;
import io.tallygate.routing.delivery.Endpoint;
import io.tallygate.routing.delivery.EventComposer;
import io.tallygate.routing.delivery.LoggingObserver;
import io.tallygate.routing.desk.HoldDesk;
import io.tallygate.routing.ledger.Reconciliation;
import io.tallygate.routing.ledger.ReconciliationStore;
import io.tallygate.routing.payer.UsageRouter;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.usage.HeldRecordStore;
import io.tallygate.store.window.WindowSealer;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running gateway: everything wired together, started in order and stopped in the reverse order. */
public final class Application implements RunningProcess.Service {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    // Several event loops may share a random port only under a negative number.
    private static final int SHARED_RANDOM_PORT = -1;

    private final Vertx vertx;
    private final ServeConfig config;
    private final boolean restored;
    private final Clock clock = Clock.systemUTC();
    private final Database database;
    private final Partitions partitions = new Partitions();
    private final Authentication authentication;
    private final List<GatewayVerticle> servers = new CopyOnWriteArrayList<>();
    private final ManagementVerticle management;
    private final List<String> deployments = new CopyOnWriteArrayList<>();
    private final Metrics metrics;
    private final DeliveryObserver observer;
    private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
    private volatile String healthDeployment;
    private volatile boolean stopping;
    private Future<Void> ready = Future.failedFuture("Not started");

    private Application(Vertx vertx, ServeConfig config, boolean restored) {
        this.vertx = vertx;
        this.config = config;
        this.restored = restored;
        this.database = Database.open(vertx, config.database());
        this.authentication = Authentication.create(vertx, config.auth(), clock);
        this.metrics = new Metrics(clock);
        this.observer = new DeliveryObservers(List.of(new LoggingObserver(), metrics));
        this.management = new ManagementVerticle(
                config.management().host(),
                config.management().port(),
                Map.of(
                        "process", () -> Future.succeededFuture(stopping ? List.of("stopping") : List.of()),
                        "store", () -> new WindowStore(database).status().map(List.of()),
                        "issuers", () -> Future.succeededFuture(authentication.problems())),
                () -> new Answer(200, Map.of("Content-Type", Metrics.CONTENT_TYPE), Buffer.buffer(metrics.scrape())));
    }

    /** Starts serving, sealing and routing; {@link #ready()} tells when, or why not. */
    public static Application start(Vertx vertx, ServeConfig config) {
        return start(vertx, config, false);
    }

    /**
     * The same.
     *
     * @param restored whether the database was restored: delivery is then held before anything is done, until an
     *     operator resumes it
     */
    static Application start(Vertx vertx, ServeConfig config, boolean restored) {
        Application application = new Application(vertx, config, restored);
        application.ready = application.serve().compose(served -> application.startBackgroundWork());
        return application;
    }

    /** Starts serving alone: nothing is sealed or routed before {@link #startBackgroundWork}. */
    static Application startPaused(Vertx vertx, ServeConfig config) {
        Application application = new Application(vertx, config, false);
        application.ready = application.serve();
        return application;
    }

    @Override
    public Future<Void> ready() {
        return ready;
    }

    /** The port of the public server, once ready. */
    int port() {
        return servers.get(0).port();
    }

    /** Where health is told, once ready. */
    URI managementUrl() {
        return URI.create("http://" + config.management().host() + ":" + management.port());
    }

    /** Lets quarantine, windows, routing and delivery go on by themselves. */
    Future<Void> startBackgroundWork() {
        UsagePipeline pipeline = new UsagePipeline(
                new HeldRecordStore(database, partitions),
                new WindowStore(database),
                new WindowSealer(database, partitions),
                new UsageRouter(database, partitions),
                config.windows().lag(),
                config.windows().interval());
        return vertx.deployVerticle(pipeline)
                .onSuccess(deployments::add)
                .compose(deployed -> startDelivery())
                .compose(started -> startBookCheck());
    }

    private Future<Void> startDelivery() {
        for (EndpointConfig endpoint : config.delivery().endpoints()) {
            metrics.endpoint(endpoint.name());
            endpoints.add(Endpoint.open(vertx, endpoint));
        }
        if (endpoints.isEmpty()) {
            LOG.warn("No endpoint is configured (delivery.endpoints): what is routed waits");
        }
        return vertx.deployVerticle(new DeliveryVerticle(
                        database,
                        List.copyOf(endpoints),
                        endpoint -> new EventComposer(database, endpoint)::composeNext,
                        observer,
                        config.delivery().interval()))
                .onSuccess(deployments::add)
                .mapEmpty();
    }

    // Today and the day before: what went wrong earlier was told then.
    private Future<Reconciliation> checkBooks() {
        Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
        return new ReconciliationStore(database)
                .reconcile(today.minus(Duration.ofDays(1)), today.plus(Duration.ofDays(1)), Set.of());
    }

    private Future<Void> startBookCheck() {
        BookCheck check = new BookCheck(this::checkBooks, config.delivery().checkInterval(), metrics::reconciled);
        return vertx.deployVerticle(check).onSuccess(deployments::add).mapEmpty();
    }

    /**
     * Says that it is not ready, takes no more requests, lets those in flight end, then stops the work of its own
     * (delivery among it), closes the endpoints' connections and the pool. Health is told until the end.
     */
    @Override
    public Future<Void> stop() {
        stopping = true;
        Future<Void> stopped = Future.succeededFuture();
        for (String deployment : deployments) {
            stopped = stopped.eventually(() -> vertx.undeploy(deployment));
        }
        if (healthDeployment != null) {
            stopped = stopped.eventually(() -> vertx.undeploy(healthDeployment));
        }
        return stopped.eventually(this::closeAdapters)
                .eventually(authentication::close)
                .eventually(database::close);
    }

    private Future<Void> closeAdapters() {
        return Future.join(endpoints.stream()
                        .map(endpoint -> endpoint.adapter().close())
                        .toList())
                .mapEmpty();
    }

    private Future<Void> serve() {
        return vertx.deployVerticle(management)
                .onSuccess(deployed -> healthDeployment = deployed)
                .compose(deployed -> database.requireOrdinaryRole())
                .compose(ordinary -> registerOperator())
                .compose(registered -> restored ? holdDeliveries() : Future.succeededFuture())
                .compose(held -> authentication.start())
                .compose(deployed ->
                        vertx.deployVerticle(this::server, new DeploymentOptions().setInstances(instances())))
                .onSuccess(deployments::add)
                .onSuccess(deployed -> LOG.info("Serving on port {}, health on {}", port(), managementUrl()))
                .mapEmpty();
    }

    private static int instances() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    private GatewayVerticle server() {
        GatewayConfig gateway = gatewayConfig();
        GatewayRouter router =
                new GatewayRouter(GatewayHandlers.over(database, partitions, gateway, clock, this::acceptsNegative));
        GatewayVerticle server =
                new GatewayVerticle(gateway, router, authentication.handler(), config.shutdownTimeout());
        servers.add(server);
        return server;
    }

    // The default provider subscription is part of the configuration; everything else refers to it.
    private Future<Void> registerOperator() {
        SubscriptionStore subscriptions = new SubscriptionStore(database);
        Subscription operator = new Subscription(
                config.operatorSubscription(),
                config.auth().operatorTenant(),
                "Default Provider Subscription",
                "",
                Subscription.State.Enabled,
                config.operatorSubscription(),
                null);
        return subscriptions.find(operator.id()).compose(found -> {
            if (found == null) {
                return subscriptions.put(operator, self()).mapEmpty();
            }
            return found.tenant().equals(operator.tenant())
                    ? Future.succeededFuture()
                    : Future.failedFuture(new IllegalStateException("operator.subscriptionId " + found.id()
                            + " belongs to the tenant " + found.tenant() + ", not to operator.tenantId"));
        });
    }

    // Of an endpoint that is not configured, nothing is known.
    private boolean acceptsNegative(String endpoint) {
        return endpoints.stream()
                .anyMatch(each ->
                        each.name().equals(endpoint) && each.adapter().terms().acceptsNegative());
    }

    // The row stays until an operator takes it away: a gateway that is started again without the option keeps to it.
    private Future<Void> holdDeliveries() {
        return new HoldDesk(database)
                .holdRestored(self())
                .onSuccess(hold -> LOG.warn(
                        "Nothing is delivered: deliveries are held ({}). Compare with each endpoint's book (tallygate"
                                + " deliveries compare FILE --apply), then go on with: tallygate deliveries resume",
                        hold.reason()))
                .mapEmpty();
    }

    private Actor self() {
        return new Actor(config.auth().operatorTenant().value(), "tallygate", "start");
    }

    private GatewayConfig gatewayConfig() {
        HttpConfig http = config.http();
        return new GatewayConfig(
                http.host(),
                http.port() == 0 ? SHARED_RANDOM_PORT : http.port(),
                http.tls()
                        .map(tls -> new GatewayConfig.Tls(Buffer.buffer(tls.certificate()), Buffer.buffer(tls.key()))),
                http.trustedProxies(),
                http.maxBody(),
                config.operatorSubscription(),
                Stream.concat(
                                Stream.of(config.continuation().secret()),
                                config.continuation().previousSecrets().stream())
                        .toList(),
                config.cspSubscriptions(),
                config.delivery().endpoints().stream()
                        .map(EndpointConfig::name)
                        .collect(Collectors.toUnmodifiableSet()),
                config.usageRetention(),
                new CloudEndpoints(
                        config.metadata().galleryEndpoint().map(URI::toString),
                        config.metadata().graphEndpoint().map(URI::toString),
                        config.metadata().portalEndpoint().map(URI::toString),
                        config.metadata().loginEndpoint().map(URI::toString),
                        config.auth().audiences().stream().sorted().toList()));
    }
}
