package io.tallygate.deploy;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
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
import io.tallygate.deploy.demo.CommerceAccess;
import io.tallygate.deploy.demo.DemoEnvironment;
import io.tallygate.deploy.demo.RunningGateway;
import io.tallygate.deploy.observe.MetricsRegistry;
import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.auth.AuthConfig;
import io.tallygate.gateway.auth.IssuerConfig;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.gateway.portal.PortalConfig;
import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.MigrationConfig;
import io.tallygate.store.Migrations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The gateway of the demo: the same application as that of {@code serve}, over the demo's environment. */
final class DemoGateway implements RunningGateway {
    private final Vertx vertx;
    private final Duration stopTimeout;
    private final Application application;

    private DemoGateway(Vertx vertx, ServeConfig config, StartOptions options) {
        this.vertx = vertx;
        this.stopTimeout = config.stopTimeout();
        this.application = Application.startPaused(vertx, config, options);
    }

    /** Migrates the schema and starts serving. */
    static RunningGateway start(DemoEnvironment demo) throws IOException, SQLException {
        DatabaseConfig database = new DatabaseConfig(
                "postgresql://" + demo.database().host() + ":" + demo.database().port() + "/"
                        + demo.database().database(),
                "tallygate_app",
                demo.directory().secret("application-password"),
                8,
                200,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60));
        Migrations.migrate(new MigrationConfig(
                database.url(),
                demo.database().superuser(),
                demo.database().password(),
                "tallygate_owner",
                demo.directory().secret("owner-password"),
                database.user(),
                database.password()));
        PrometheusMeterRegistry registry = MetricsRegistry.create();
        Vertx vertx = MetricsRegistry.vertx(registry);
        StartOptions options = new StartOptions(false, Optional.empty(), Optional.of(registry));
        DemoGateway gateway = new DemoGateway(vertx, config(demo, database), options);
        try {
            gateway.application.ready().await();
            return gateway;
        } catch (RuntimeException failed) {
            gateway.close();
            throw failed;
        }
    }

    @Override
    public URI baseUrl() {
        return URI.create("https://localhost:" + application.port());
    }

    @Override
    public URI managementUrl() {
        return application.managementUrl();
    }

    @Override
    public void startBackgroundWork() {
        application.startBackgroundWork().await();
    }

    @Override
    public void close() {
        Future<Void> stopped = application.stop().eventually(vertx::close);
        try {
            stopped.await(stopTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IllegalStateException("The gateway did not stop within " + stopTimeout, late);
        }
    }

    private static DeliveryConfig delivery(DemoEnvironment demo) throws IOException {
        CommerceAccess commerce = demo.commerce();
        Map<String, String> options = Map.of(
                "url",
                commerce.url() + "/api",
                "planId",
                "demo",
                "tokenUrl",
                commerce.tokenUrl().toString(),
                "clientId",
                commerce.client().clientId(),
                "clientSecret",
                commerce.client().clientSecret(),
                "scope",
                demo.audience() + "/.default");
        Optional<String> ca = Optional.of(Files.readString(demo.directory().caFile()));
        EndpointConfig endpoint = new EndpointConfig(
                EndpointConfig.DEFAULT_NAME,
                AdapterType.named("marketplace").orElseThrow(),
                options,
                ca,
                Optional.of(Duration.ZERO),
                Optional.of(Duration.ofDays(60)),
                Optional.empty(),
                Optional.empty(),
                8,
                0,
                Duration.ofSeconds(20),
                new EndpointConfig.Breaker(5, Duration.ofSeconds(5)));
        return new DeliveryConfig(List.of(endpoint), Duration.ofMillis(200), Duration.ofMinutes(5));
    }

    private static PortalConfig portal(DemoEnvironment demo) throws IOException {
        return new PortalConfig(
                demo.signInDiscovery(),
                Optional.of(Files.readString(demo.directory().caFile())),
                demo.portal().clientId(),
                Optional.of(demo.portal().clientSecret()),
                PortalConfig.DEFAULT_SCOPE,
                List.of(demo.directory().secret("portal-secret")),
                Duration.ofMinutes(30),
                Duration.ofHours(12));
    }

    private static ServeConfig config(DemoEnvironment demo, DatabaseConfig database) throws IOException {
        return new ServeConfig(
                database,
                Optional.empty(),
                new HttpConfig(
                        "localhost",
                        demo.port(),
                        Optional.of(new HttpConfig.Tls(
                                Files.readString(demo.directory().certificateFile()),
                                Files.readString(demo.directory().keyFile()))),
                        List.of(),
                        8 << 20,
                        StreamConfig.DEFAULT,
                        ConnectionConfig.DEFAULT,
                        AdmissionConfig.DEFAULT),
                new ManagementConfig("localhost", 0),
                demo.operatorSubscription(),
                AuthConfig.of(
                        List.of(new IssuerConfig(
                                demo.issuerTemplate(),
                                Set.of(),
                                Optional.of(demo.discovery()),
                                Optional.of(Files.readString(demo.directory().caFile())))),
                        Set.of(demo.audience()),
                        demo.operatorTenant()),
                new ContinuationConfig(demo.directory().secret("continuation-secret"), List.of()),
                new ApiKeysConfig(Optional.of(demo.directory().secret("api-keys-secret")), List.of()),
                Optional.of(portal(demo)),
                new WindowsConfig(Duration.ofMinutes(1), Duration.ofSeconds(2)),
                new RetentionConfig(Duration.ofDays(1826), false),
                Set.of(),
                delivery(demo),
                CollectConfig.NOTHING,
                GapsConfig.DEFAULT,
                new MetadataConfig(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(URI.create(demo.authority()))),
                ShutdownConfig.atOnce(Duration.ofSeconds(10)),
                LogLevel.INFO);
    }
}
