package io.tallygate.deploy;

import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.observe.AccessMetrics;
import io.tallygate.deploy.observe.MetricsRegistry;
import io.tallygate.deploy.observe.Observation;
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
import io.tallygate.gateway.http.ClientAddress;
import io.tallygate.gateway.http.Connections;
import io.tallygate.gateway.http.PublicAddress;
import io.tallygate.gateway.management.HealthCheck;
import io.tallygate.gateway.management.ManagementVerticle;
import io.tallygate.gateway.portal.Portal;
import io.tallygate.routing.payer.UsageRouter;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.access.ApiKeyStore;
import io.tallygate.store.access.PortalSessionStore;
import io.tallygate.store.audit.AuditStore;
import io.tallygate.store.usage.HeldRecordStore;
import io.tallygate.store.window.WindowSealer;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running gateway: everything wired together, started in order and stopped in time. */
public final class Application implements RunningProcess.Service {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    private static final long REFUSALS_MILLIS = 60_000;
    private static final int LAST_WRITE_SECONDS = 5;

    private final Vertx vertx;
    private final ServeConfig config;
    private final Preparation preparation;
    private final Clock clock = Clock.systemUTC();
    private final Databases databases;
    private final Database database;
    private final Partitions partitions = new Partitions();
    private final Authentication authentication;
    private final Portal portal;
    private final ClientAddress addresses;
    private final Connections connections;
    private final Admission admission;
    private final GatewayServers servers;
    private final ManagementVerticle management;
    private final List<String> deployments = new CopyOnWriteArrayList<>();
    private final DeliveryWork delivery;
    private final CollectWork collect;
    private final Refusals refusals;
    private final RefusalAccount refusalAccount;
    private final Observation observation;
    private final OwnNotes notes;
    private final Optional<ConfigReload> reload;
    private volatile String healthDeployment;
    private volatile boolean serving;
    private volatile boolean stopping;
    private volatile long refusalTimer = -1;
    private Future<Void> ready = Future.failedFuture("Not started");

    private Application(Vertx vertx, ServeConfig config, StartOptions options) {
        this.vertx = vertx;
        this.config = config;
        this.databases = Databases.open(vertx, config);
        this.database = databases.primary();
        this.observation = new Observation(
                options.registry().orElseGet(MetricsRegistry::create),
                database,
                config.database().poolSize(),
                config.windows().lag(),
                clock);
        databases.replica().ifPresent(copy -> observation.metrics().replica(Databases.counted(copy)));
        this.authentication = Authentication.create(
                vertx,
                config.auth(),
                clock,
                new ApiKeyVerifier(
                        new ApiKeyTexts(config.apiKeys().secrets()),
                        new ApiKeyStore(database),
                        config.auth().operatorTenant(),
                        clock));
        AccessMetrics access = observation.metrics().access();
        this.portal = config.portal()
                .map(settings -> Portal.create(
                        vertx,
                        settings,
                        PortalResources.load(),
                        new PublicAddress(config.http().trustedProxies()),
                        config.operatorSubscription(),
                        new PortalSessionStore(database, settings.idleTimeout()),
                        authentication::verify,
                        access::portal,
                        clock))
                .orElseGet(Portal::off);
        this.addresses = new ClientAddress(config.http().trustedProxies());
        this.connections = new Connections(config.http().connections(), addresses);
        this.admission = new Admission(config.http().admission());
        access.admission(admission, connections);
        AuditStore audit = new AuditStore(database);
        this.notes = new OwnNotes(vertx, audit, config.auth().operatorTenant());
        this.preparation = new Preparation(database, config, options, notes);
        this.servers = new GatewayServers(vertx, config.shutdown());
        RefusalSums sums = new RefusalSums(clock);
        this.refusals = new Refusals(addresses, List.of(access, sums));
        this.refusalAccount = new RefusalAccount(sums, audit, config.auth().operatorTenant());
        access.issuers(authentication.issuers());
        LiveSettings live =
                new LiveSettings(authentication, admission, config.http().admission(), access, notes);
        this.reload = options.configured().map(from -> new ConfigReload(vertx, from.source(), from.running(), live));
        this.delivery = new DeliveryWork(vertx, database, config.delivery(), observation);
        this.collect = new CollectWork(vertx, database, partitions, config, observation, clock);
        this.management = new ManagementVerticle(
                config.management().host(),
                config.management().port(),
                checks(),
                this::warnings,
                observation::scraped,
                observation::info);
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
    static Application startPaused(Vertx vertx, ServeConfig config, StartOptions options) {
        Application application = new Application(vertx, config, options);
        application.ready = application.serve();
        return application;
    }

    @Override
    public Future<Void> ready() {
        return ready;
    }

    /** The port of the public server, once ready. */
    int port() {
        return servers.port();
    }

    /** Where health is told, once ready. */
    URI managementUrl() {
        return URI.create("http://" + config.management().host() + ":" + management.port());
    }

    /** Lets quarantine, windows, routing, retention, gaps, delivery and collecting go on by themselves. */
    Future<Void> startBackgroundWork() {
        UsagePipeline pipeline = new UsagePipeline(
                new HeldRecordStore(database, partitions),
                new WindowStore(database),
                new WindowSealer(database, partitions),
                new UsageRouter(database, partitions, observation.metrics().work()::routed),
                config.windows().lag(),
                config.windows().interval(),
                observation.metrics().work());
        return vertx.deployVerticle(pipeline)
                .onSuccess(deployments::add)
                .compose(deployed -> vertx.deployVerticle(RetentionWork.of(config, database, partitions)))
                .onSuccess(deployments::add)
                .compose(deployed -> vertx.deployVerticle(GapWork.of(config, database)))
                .onSuccess(deployments::add)
                .compose(deployed -> delivery.start())
                .compose(started -> collect.start())
                .compose(started -> observation.start(vertx));
    }

    @Override
    public void reload() {
        if (serving && !stopping) {
            reload.ifPresent(ConfigReload::now);
        } else {
            LOG.warn("The configuration is read again only while the gateway serves");
        }
    }

    /**
     * Says that it is not ready; then, after {@code shutdown.delay}, takes no more requests and lets those in flight end, and
     * meanwhile stops the work of its own, delivery and collecting with what is under way; then closes the pool. Health is told until the end.
     */
    @Override
    public Future<Void> stop() {
        stopping = true;
        notes.stop();
        Future<Void> stopped = Future.join(Stream.concat(
                                Stream.of(servers.stop(), delivery.stop(), collect.stop(), observation.stop()),
                                deployments.stream().map(vertx::undeploy))
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
                .compose(deployed -> preparation.run())
                .compose(noted -> authentication.start())
                .compose(deployed -> startServers())
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

    private List<HealthCheck> checks() {
        List<HealthCheck> checks = new ArrayList<>(List.of(
                HealthCheck.deciding("issuers", () -> Future.succeededFuture(authentication.problems())),
                HealthCheck.deciding("process", () -> Future.succeededFuture(processProblems())),
                HealthCheck.deciding(
                        "store", () -> new WindowStore(database).status().map(List.of()))));
        checks.addAll(observation.warnings());
        return checks;
    }

    private List<String> warnings() {
        Stream<String> unread =
                reload.stream().flatMap(reads -> reads.warnings().stream()).map(each -> "configuration: " + each);
        return Stream.of(authentication.warnings().stream(), unread, databases.warnings().stream())
                .flatMap(each -> each)
                .toList();
    }

    // All event loops share the handlers: what they keep in memory and what they limit is there once.
    private Future<Void> startServers() {
        GatewayConfig gateway = GatewaySettings.of(config);
        GatewayRouter router = new GatewayRouter(
                GatewayHandlers.over(
                        database, databases.sealed(), partitions, gateway, clock, delivery, admission, portal),
                GatewayRouter.Bounds.of(gateway, addresses, admission));
        return servers.start(() -> new GatewayVerticle(
                gateway,
                router,
                authentication.handler(portal.sessions()),
                refusals,
                observation.requests(),
                connections,
                config.shutdown().timeout()));
    }

    private Future<Void> writeRefusals() {
        vertx.cancelTimer(refusalTimer);
        return refusalAccount
                .write()
                .compose(earlier -> refusalAccount.write())
                .timeout(LAST_WRITE_SECONDS, TimeUnit.SECONDS);
    }
}
