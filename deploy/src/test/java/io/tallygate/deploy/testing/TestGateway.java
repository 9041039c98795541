package io.tallygate.deploy.testing;

import static io.tallygate.store.testing.Await.await;

import io.tallygate.deploy.Application;
import io.tallygate.deploy.TestApplications;
import io.tallygate.deploy.config.ApiKeysConfig;
import io.tallygate.deploy.config.CollectConfig;
import io.tallygate.deploy.config.ContinuationConfig;
import io.tallygate.deploy.config.DeliveryConfig;
import io.tallygate.deploy.config.GapsConfig;
import io.tallygate.deploy.config.HttpConfig;
import io.tallygate.deploy.config.LogLevel;
import io.tallygate.deploy.config.ManagementConfig;
import io.tallygate.deploy.config.MetadataConfig;
import io.tallygate.deploy.config.RetentionConfig;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.config.ShutdownConfig;
import io.tallygate.deploy.config.WindowsConfig;
import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.auth.AuthConfig;
import io.tallygate.gateway.auth.IssuerConfig;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.gateway.portal.PortalConfig;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.awaitility.Awaitility;

/**
 * A whole gateway for tests: the application as {@code serve} runs it, on a free port with TLS, over a real Postgres
 * and a real identity provider.
 */
public final class TestGateway implements AutoCloseable {
    /** The default provider subscription. */
    public static final SubscriptionId OPERATOR_SUBSCRIPTION =
            new SubscriptionId(UUID.fromString("0b000000-0000-4000-8000-000000000001"));

    /** Bounds of admission that a test does not meet by chance, on a machine that is busy. */
    public static final AdmissionConfig WIDE = new AdmissionConfig(1000, 1000, Duration.ofSeconds(30), 256, 0, 1, 0);

    private static final String CONTINUATION_SECRET = "a secret that all gateways of the test share";
    private static final ApiKeysConfig API_KEYS =
            new ApiKeysConfig(Optional.of("another secret that all gateways of the test share"), List.of());

    private static final String PORTAL_SECRET = "one more secret that all gateways of the test share";

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final Application application;
    private final TestPostgres postgres;

    private TestGateway(
            TestPostgres postgres, DatabaseConfig database, boolean backgroundWork, Set<SubscriptionId> csp) {
        this(
                postgres,
                config(database, csp, Duration.ZERO, StreamConfig.DEFAULT),
                backgroundWork ? Application::start : TestApplications::startPaused);
    }

    private TestGateway(TestPostgres postgres, ServeConfig config, BiFunction<Vertx, ServeConfig, Application> start) {
        this.postgres = postgres;
        application = start.apply(vertx, config);
        await(application.ready());
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(this::hasIssuersKeys);
    }

    // On a machine that is busy the keys may not be there at the first try; the gateway tries again.
    private boolean hasIssuersKeys() throws IOException, InterruptedException {
        HttpResponse<String> health = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(managementUrl() + "/health/ready"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return health.statusCode() == 200;
    }

    /** Over this database; releases, seals and routes by itself every 200 ms. */
    public static TestGateway over(TestPostgres postgres) {
        return new TestGateway(postgres, postgres.config(), true, Set.of());
    }

    /** Over this database; nothing is released, sealed or routed unless {@link #startBackgroundWork} is called. */
    public static TestGateway paused(TestPostgres postgres) {
        return new TestGateway(postgres, postgres.config(), false, Set.of());
    }

    /** Like {@link #over}, but windows are closed by themselves only after this time: else by an operator's word. */
    public static TestGateway lagging(TestPostgres postgres, Duration lag) {
        return new TestGateway(
                postgres, config(postgres.config(), Set.of(), lag, StreamConfig.DEFAULT), Application::start);
    }

    /** Over a database that was restored: as {@code serve --restored}. */
    public static TestGateway restored(TestPostgres postgres) {
        return new TestGateway(
                postgres,
                config(postgres.config(), Set.of(), Duration.ZERO, StreamConfig.DEFAULT),
                TestApplications::startRestored);
    }

    /** Paused, and reaching its database in this way. */
    public static TestGateway paused(TestPostgres postgres, DatabaseConfig database) {
        return new TestGateway(postgres, database, false, Set.of());
    }

    /** Paused, and reading sealed usage from this replica. */
    public static TestGateway replicated(TestPostgres postgres, DatabaseConfig replica) {
        return new TestGateway(
                postgres,
                config(
                        postgres.config(),
                        Optional.of(replica),
                        Set.of(),
                        Duration.ZERO,
                        new Bounds(StreamConfig.DEFAULT, ConnectionConfig.DEFAULT, WIDE),
                        auth(),
                        API_KEYS,
                        Optional.of(TestIdentity.get().portal(PORTAL_SECRET)),
                        CollectConfig.NOTHING),
                TestApplications::startPaused);
    }

    /** Paused, reaching its database in this way, with streams bounded like this. */
    public static TestGateway streaming(TestPostgres postgres, DatabaseConfig database, StreamConfig streams) {
        return new TestGateway(
                postgres, config(database, Set.of(), Duration.ZERO, streams), TestApplications::startPaused);
    }

    /** Paused, with these bounds. */
    public static TestGateway bounded(TestPostgres postgres, ConnectionConfig connections, AdmissionConfig admission) {
        return bounded(postgres, StreamConfig.DEFAULT, connections, admission);
    }

    /** Paused, with these bounds. */
    public static TestGateway bounded(
            TestPostgres postgres, StreamConfig streams, ConnectionConfig connections, AdmissionConfig admission) {
        return new TestGateway(
                postgres,
                config(
                        postgres.config(),
                        Set.of(),
                        Duration.ZERO,
                        new Bounds(streams, connections, admission),
                        auth(),
                        API_KEYS),
                TestApplications::startPaused);
    }

    /** Paused, with these secrets for API keys. */
    public static TestGateway keyed(TestPostgres postgres, ApiKeysConfig apiKeys) {
        return new TestGateway(
                postgres,
                config(postgres.config(), Set.of(), Duration.ZERO, StreamConfig.DEFAULT, auth(), apiKeys),
                TestApplications::startPaused);
    }

    /** Paused, with this portal, or (empty) without one. */
    public static TestGateway withPortal(TestPostgres postgres, Optional<PortalConfig> portal) {
        return new TestGateway(
                postgres,
                config(
                        postgres.config(),
                        Optional.empty(),
                        Set.of(),
                        Duration.ZERO,
                        new Bounds(StreamConfig.DEFAULT, ConnectionConfig.DEFAULT, WIDE),
                        auth(),
                        API_KEYS,
                        portal,
                        CollectConfig.NOTHING),
                TestApplications::startPaused);
    }

    /** Paused, and believing these issuers alone. */
    public static TestGateway trusting(TestPostgres postgres, AuthConfig auth) {
        return new TestGateway(
                postgres,
                config(postgres.config(), Set.of(), Duration.ZERO, StreamConfig.DEFAULT, auth, API_KEYS),
                TestApplications::startPaused);
    }

    /** Over this database, collecting from these sources all the time. */
    public static TestGateway collecting(TestPostgres postgres, SourceConfig... sources) {
        return new TestGateway(
                postgres,
                config(
                        postgres.config(),
                        Optional.empty(),
                        Set.of(),
                        Duration.ofDays(1),
                        new Bounds(StreamConfig.DEFAULT, ConnectionConfig.DEFAULT, WIDE),
                        auth(),
                        API_KEYS,
                        Optional.empty(),
                        new CollectConfig(List.of(sources), Duration.ofMillis(200))),
                Application::start);
    }

    /** With a list of CSP subscriptions that may be mapped. */
    public static TestGateway allowing(TestPostgres postgres, Set<SubscriptionId> cspSubscriptions) {
        return new TestGateway(postgres, postgres.config(), true, cspSubscriptions);
    }

    /** Lets quarantine, windows and routing go on. */
    public void startBackgroundWork() {
        await(TestApplications.startBackgroundWork(application));
    }

    /** {@code https://localhost:port}. */
    public URI url() {
        return URI.create("https://localhost:" + TestApplications.port(application));
    }

    /** Where health is told. */
    public URI managementUrl() {
        return TestApplications.managementUrl(application);
    }

    /** Its database. */
    public TestPostgres postgres() {
        return postgres;
    }

    @Override
    public void close() {
        await(application.stop());
        await(vertx.close());
    }

    private static ServeConfig config(
            DatabaseConfig database, Set<SubscriptionId> cspSubscriptions, Duration lag, StreamConfig streams) {
        return config(database, cspSubscriptions, lag, streams, auth(), API_KEYS);
    }

    private static AuthConfig auth() {
        TestIdentity identity = TestIdentity.get();
        return AuthConfig.of(
                List.of(new IssuerConfig(
                        identity.provider().issuerTemplate(),
                        Set.of(),
                        Optional.of(identity.provider().discovery(TestIdentity.OPERATOR)),
                        Optional.of(read(identity.directory().caFile())))),
                Set.of(TokenMint.AUDIENCE),
                TestIdentity.OPERATOR);
    }

    private static ServeConfig config(
            DatabaseConfig database,
            Set<SubscriptionId> cspSubscriptions,
            Duration lag,
            StreamConfig streams,
            AuthConfig auth,
            ApiKeysConfig apiKeys) {
        return config(
                database, cspSubscriptions, lag, new Bounds(streams, ConnectionConfig.DEFAULT, WIDE), auth, apiKeys);
    }

    private record Bounds(StreamConfig streams, ConnectionConfig connections, AdmissionConfig admission) {}

    private static ServeConfig config(
            DatabaseConfig database,
            Set<SubscriptionId> cspSubscriptions,
            Duration lag,
            Bounds bounds,
            AuthConfig auth,
            ApiKeysConfig apiKeys) {
        return config(
                database,
                Optional.empty(),
                cspSubscriptions,
                lag,
                bounds,
                auth,
                apiKeys,
                Optional.of(TestIdentity.get().portal(PORTAL_SECRET)),
                CollectConfig.NOTHING);
    }

    private static ServeConfig config(
            DatabaseConfig database,
            Optional<DatabaseConfig> replica,
            Set<SubscriptionId> cspSubscriptions,
            Duration lag,
            Bounds bounds,
            AuthConfig auth,
            ApiKeysConfig apiKeys,
            Optional<PortalConfig> portal,
            CollectConfig collect) {
        TestIdentity identity = TestIdentity.get();
        return new ServeConfig(
                database,
                replica,
                new HttpConfig(
                        "localhost",
                        0,
                        Optional.of(new HttpConfig.Tls(
                                read(identity.directory().certificateFile()),
                                read(identity.directory().keyFile()))),
                        List.of(),
                        1 << 20,
                        bounds.streams(),
                        bounds.connections(),
                        bounds.admission()),
                new ManagementConfig("localhost", 0),
                OPERATOR_SUBSCRIPTION,
                auth,
                new ContinuationConfig(CONTINUATION_SECRET, List.of()),
                apiKeys,
                portal,
                new WindowsConfig(lag, Duration.ofMillis(200)),
                new RetentionConfig(Duration.ofDays(1826), false),
                cspSubscriptions,
                new DeliveryConfig(List.of(), Duration.ofMillis(100), Duration.ofHours(1)),
                collect,
                GapsConfig.DEFAULT,
                new MetadataConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                ShutdownConfig.atOnce(Duration.ofSeconds(5)),
                LogLevel.INFO);
    }

    private static String read(java.nio.file.Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
