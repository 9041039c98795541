package io.tallygate.deploy;

import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.gateway.GatewayConfig;
import io.tallygate.gateway.GatewayHandlers;
import io.tallygate.gateway.GatewayRouter;
import io.tallygate.gateway.GatewayVerticle;
import io.tallygate.gateway.admission.Admission;
import io.tallygate.gateway.audit.RefusalAccount;
import io.tallygate.gateway.audit.RefusalSums;
import io.tallygate.gateway.audit.Refusals;
import io.tallygate.gateway.auth.ApiKeyTexts;
import io.tallygate.gateway.auth.ApiKeyVerifier;
import io.tallygate.gateway.auth.Authentication;
import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.ClientAddress;
import io.tallygate.gateway.http.Connections;
import io.tallygate.gateway.http.PublicAddress;
import io.tallygate.gateway.management.ManagementVerticle;
import io.tallygate.gateway.portal.Portal;
import io.tallygate.routing.desk.HoldDesk;
import io.tallygate.routing.payer.UsageRouter;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.access.ApiKeyStore;
import io.tallygate.store.access.PortalSessionStore;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditNote;
import io.tallygate.store.audit.AuditStore;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running gateway: everything wired together, started in order and stopped in time. */
public final class Application implements RunningProcess.Service {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    private static final long REFUSALS_MILLIS = 60_000;
    private static final long AUDIT_RETRY_MILLIS = 10_000;
    private static final int LAST_WRITE_SECONDS = 5;

    private final Vertx vertx;
    private final ServeConfig config;
    private final StartOptions options;
    private final Clock clock = Clock.systemUTC();
    private final Databases databases;
    private final Database database;
    private final Partitions partitions = new Partitions();
    private final Authentication authentication;
    private final Portal portal;
    private final ClientAddress addresses;
    private final Connections connections;
    private final Admission admission;
    private final List<GatewayVerticle> servers = new CopyOnWriteArrayList<>();
    private final ManagementVerticle management;
    private final List<String> deployments = new CopyOnWriteArrayList<>();
    private final DeliveryWork delivery;
    private final Refusals refusals;
    private final RefusalAccount refusalAccount;
    private final AuditStore audit;
    private volatile String healthDeployment;
    private volatile boolean serving;
    private volatile boolean stopping;
    private volatile long refusalTimer = -1;
    private Future<Void> ready = Future.failedFuture("Not started");

    private Application(Vertx vertx, ServeConfig config, StartOptions options) {
        this.vertx = vertx;
        this.config = config;
        this.options = options;
        Metrics metrics = new Metrics(clock);
        this.databases = Databases.open(vertx, config, metrics);
        this.database = databases.primary();
        this.authentication = Authentication.create(
                vertx,
                config.auth(),
                clock,
                new ApiKeyVerifier(
                        new ApiKeyTexts(config.apiKeys().secrets()),
                        new ApiKeyStore(database),
                        config.auth().operatorTenant(),
                        clock));
        this.portal = config.portal()
                .map(settings -> Portal.create(
                        vertx,
                        settings,
                        PortalResources.load(),
                        new PublicAddress(config.http().trustedProxies()),
                        config.operatorSubscription(),
                        new PortalSessionStore(database, settings.idleTimeout()),
                        authentication::verify,
                        metrics::portal,
                        clock))
                .orElseGet(Portal::off);
        this.addresses = new ClientAddress(config.http().trustedProxies());
        this.connections = new Connections(config.http().connections(), addresses);
        this.admission = new Admission(config.http().admission());
        metrics.admission(admission, connections);
        this.audit = new AuditStore(database);
        RefusalSums sums = new RefusalSums(clock);
        this.refusals = new Refusals(addresses, List.of(metrics, sums));
        this.refusalAccount = new RefusalAccount(sums, audit, config.auth().operatorTenant());
        authentication.issuers().forEach(metrics::issuer);
        this.delivery = new DeliveryWork(vertx, database, config.delivery(), metrics);
        this.management = new ManagementVerticle(
                config.management().host(),
                config.management().port(),
                Map.of(
                        "process", () -> Future.succeededFuture(processProblems()),
                        "store", () -> new WindowStore(database).status().map(List.of()),
                        "issuers", () -> Future.succeededFuture(authentication.problems())),
                () -> databases.warnings(authentication.warnings()),
                () -> new Answer(200, Map.of("Content-Type", Metrics.CONTENT_TYPE), Buffer.buffer(metrics.scrape())));
    }

    /** Starts serving, sealing and routing; {@link #ready()} tells when, or why not. */
    public static Application start(Vertx vertx, ServeConfig config) {
        return start(vertx, config, StartOptions.NONE);
    }

    /** The same, otherwise than usual. */
    static Application start(Vertx vertx, ServeConfig config, StartOptions options) {
        Application application = new Application(vertx, config, options);
        application.ready = application.serve().compose(served -> application.startBackgroundWork());
        return application;
    }

    /** Starts serving alone: nothing is sealed or routed before {@link #startBackgroundWork}. */
    static Application startPaused(Vertx vertx, ServeConfig config) {
        Application application = new Application(vertx, config, StartOptions.NONE);
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
        return vertx.deployVerticle(pipeline).onSuccess(deployments::add).compose(deployed -> delivery.start());
    }

    /**
     * Says that it is not ready; then takes no more requests and lets those in flight end, and meanwhile stops the work of
     * its own, delivery with what is under way; then closes the pool. Health is told until the end.
     */
    @Override
    public Future<Void> stop() {
        stopping = true;
        Future<Void> stopped = Future.join(Stream.concat(
                                Stream.of(delivery.stop()), deployments.stream().map(vertx::undeploy))
                        .toList())
                .mapEmpty();
        if (healthDeployment != null) {
            stopped = stopped.eventually(() -> vertx.undeploy(healthDeployment));
        }
        return stopped.eventually(this::writeRefusals)
                .eventually(authentication::close)
                .eventually(portal::close)
                .eventually(databases::close);
    }

    private Future<Void> serve() {
        return vertx.deployVerticle(management)
                .onSuccess(deployed -> healthDeployment = deployed)
                .compose(deployed -> database.requireOrdinaryRole())
                .compose(ordinary -> registerOperator())
                .compose(registered -> options.restored() ? holdDeliveries() : Future.succeededFuture())
                .compose(held -> noteStart())
                .compose(noted -> authentication.start())
                .compose(deployed -> deployServers())
                .onSuccess(deployments::add)
                .onSuccess(
                        deployed -> refusalTimer = vertx.setPeriodic(REFUSALS_MILLIS, minute -> refusalAccount.write()))
                .onSuccess(deployed -> serving = true)
                .onSuccess(deployed -> LOG.info("Serving on port {}, health on {}", port(), managementUrl()))
                .mapEmpty();
    }

    // Before the port is open, whoever is sent here would find it closed.
    private List<String> processProblems() {
        if (stopping) {
            return List.of("stopping");
        }
        return serving ? List.of() : List.of("starting");
    }

    private static int instances() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    // All event loops share the handlers: what they keep in memory and what they limit is there once.
    private Future<String> deployServers() {
        GatewayConfig gateway = GatewaySettings.of(config);
        GatewayRouter router = new GatewayRouter(
                GatewayHandlers.over(
                        database, databases.sealed(), partitions, gateway, clock, delivery, admission, portal),
                GatewayRouter.Bounds.of(gateway, addresses, admission));
        return vertx.deployVerticle(() -> server(gateway, router), new DeploymentOptions().setInstances(instances()));
    }

    private GatewayVerticle server(GatewayConfig gateway, GatewayRouter router) {
        GatewayVerticle server = new GatewayVerticle(
                gateway,
                router,
                authentication.handler(portal.sessions()),
                refusals,
                connections,
                config.shutdownTimeout());
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

    // The row stays until an operator takes it away: a gateway that is started again without the option keeps to it.
    private Future<Void> holdDeliveries() {
        return new HoldDesk(database)
                .holdRestored(self())
                .onSuccess(hold -> LOG.warn(
                        "Nothing is delivered: deliveries are held ({}). Compare with each endpoint's book (tallygate"
                                + " deliveries compare FILE --apply), then go on with: tallygate deliveries resume"
                                + " --compared",
                        hold.reason()))
                .mapEmpty();
    }

    // A gateway serves even while nobody can write that down: it is tried until it is.
    private Future<Void> noteStart() {
        AuditNote note = new AuditNote(self(), "gateway.start", "gateway", null, options.detail());
        return audit.append(List.of(note)).recover(failure -> {
            LOG.warn("Could not put the start into the audit: will try again", failure);
            if (!stopping) {
                vertx.setTimer(AUDIT_RETRY_MILLIS, again -> noteStart());
            }
            return Future.succeededFuture();
        });
    }

    private Future<Void> writeRefusals() {
        vertx.cancelTimer(refusalTimer);
        return refusalAccount
                .write()
                .compose(earlier -> refusalAccount.write())
                .timeout(LAST_WRITE_SECONDS, TimeUnit.SECONDS);
    }

    private Actor self() {
        return new Actor(config.auth().operatorTenant().value(), "tallygate", "start");
    }
}
