package io.tallygate.deploy.faults;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.demo.CommerceEndpoint;
import io.tallygate.deploy.demo.DatabaseAccess;
import io.tallygate.deploy.demo.DemoDirectory;
import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.store.MigrationConfig;
import io.tallygate.store.Migrations;
import io.tallygate.store.testing.FreePort;
import io.tallygate.store.testing.TcpProxy;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Two gateways as processes, a durable Postgres, an identity provider and a commerce endpoint; between each gateway and
 * the other two stands a proxy that can cut and fall silent.
 */
final class Site implements AutoCloseable {
    private static final String OWNER_PASSWORD = "owner-secret";
    private static final String APPLICATION_PASSWORD = "app-secret";

    private final Vertx vertx = Vertx.vertx();
    private final Path directory;
    private final String deadline;
    private final SiteDatabase database;
    private final CommerceEndpoint endpoint;
    private final List<TcpProxy> databaseProxies = new ArrayList<>();
    private final List<TcpProxy> endpointProxies = new ArrayList<>();
    private final List<GatewayProcess> gateways = new ArrayList<>();
    private final List<URI> urls = new ArrayList<>();

    Site() throws Exception {
        this(SiteDatabase::embedded);
    }

    /** How a database comes to be, with a directory of its own. */
    interface DatabaseStarter {
        SiteDatabase start(DemoDirectory directory) throws Exception;
    }

    Site(DatabaseStarter starter) throws Exception {
        this(starter, Map.of(), "PT2S");
    }

    /**
     * The same.
     *
     * @param more settings of every gateway, as environment variables
     * @param deadline of the endpoint
     */
    Site(Map<String, String> more, String deadline) throws Exception {
        this(SiteDatabase::embedded, more, deadline);
    }

    private Site(DatabaseStarter starter, Map<String, String> more, String deadline) throws Exception {
        this.deadline = deadline;
        directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "faults");
        DemoDirectory demo = new DemoDirectory(directory);
        database = starter.start(demo);
        DatabaseAccess access = database.access();
        Migrations.migrate(new MigrationConfig(
                "postgresql://localhost:" + access.port() + "/" + access.database(),
                access.superuser(),
                access.password(),
                "tallygate_owner",
                OWNER_PASSWORD,
                "tallygate_app",
                APPLICATION_PASSWORD));
        endpoint = TestIdentity.get().commerceEndpoint(demo);
        for (int i = 0; i < 2; i++) {
            databaseProxies.add(new TcpProxy(vertx, access.port()));
            endpointProxies.add(new TcpProxy(vertx, endpoint.url().getPort()));
            int port = FreePort.next();
            urls.add(URI.create("https://localhost:" + port));
            Map<String, String> settings = settings(i, port);
            settings.putAll(more);
            gateways.add(new GatewayProcess("gateway-" + i, settings));
        }
        gateways.forEach(GatewayProcess::start);
        gateways.forEach(GatewayProcess::awaitReady);
    }

    URI gatewayUrl(int number) {
        return urls.get(number);
    }

    List<GatewayProcess> gateways() {
        return gateways;
    }

    GatewayProcess gateway(Random dice) {
        return gateways.get(dice.nextInt(2));
    }

    TcpProxy databaseProxy(Random dice) {
        return databaseProxies.get(dice.nextInt(2));
    }

    TcpProxy endpointProxy(Random dice) {
        return endpointProxies.get(dice.nextInt(2));
    }

    /** kill -9 of the server; it is started again by itself. */
    void killPostgres() {
        try {
            String pid = Files.readAllLines(directory.resolve("postgres/postmaster.pid"))
                    .get(0)
                    .strip();
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        } catch (IOException alreadyDown) {
            // It is being started again after the last time: there is nothing to kill.
            return;
        }
    }

    void terminateBackends() {
        query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tallygate_app'");
    }

    void switchEndpoint(String mode) {
        Optional<Api.Answer> answer = new Api(endpoint.url(), null).post("/switch", "application/json", mode);
        assertThat(answer.map(Api.Answer::status)).as(mode).contains(200);
    }

    /** Ends every fault but those of processes. */
    void heal() {
        databaseProxies.forEach(TcpProxy::heal);
        endpointProxies.forEach(TcpProxy::heal);
        switchEndpoint("{\"mode\":\"ok\"}");
    }

    /** What the endpoint billed; numbers are exact. */
    JsonNode bill() {
        return new Api(endpoint.url(), null).get("/?events=true").orElseThrow().json();
    }

    /** Rows as superuser, each as its columns' texts joined by {@code |}; waits for a server that is coming back. */
    List<String> query(String sql) {
        for (int i = 0; ; i++) {
            try {
                return queryOnce(sql);
            } catch (SQLException failed) {
                if (i == 200) {
                    throw new IllegalStateException(failed);
                }
                Moments.pass(100);
            }
        }
    }

    @Override
    public void close() throws IOException {
        gateways.forEach(GatewayProcess::stop);
        for (int i = 0; i < 2; i++) {
            databaseProxies.get(i).close();
            endpointProxies.get(i).close();
        }
        endpoint.close();
        database.close();
        await(vertx.close());
    }

    private List<String> queryOnce(String sql) throws SQLException {
        DatabaseAccess access = database.access();
        try (Connection connection =
                        DriverManager.getConnection(access.jdbcUrl(), access.superuser(), access.password());
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = " + Migrations.SCHEMA + ", public");
            ResultSet rows = statement.executeQuery(sql);
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    columns.add(rows.getString(i));
                }
                texts.add(String.join("|", columns));
            }
            return texts;
        }
    }

    private Map<String, String> settings(int number, int port) throws IOException {
        TestIdentity identity = TestIdentity.get();
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "TALLYGATE_DATABASE_URL",
                "postgresql://localhost:" + databaseProxies.get(number).port() + "/tallygate");
        settings.put("TALLYGATE_DATABASE_USER", "tallygate_app");
        settings.put("TALLYGATE_DATABASE_PASSWORD", APPLICATION_PASSWORD);
        settings.put("TALLYGATE_DATABASE_STATEMENT_TIMEOUT", "PT5S");
        settings.put("TALLYGATE_HTTP_HOST", "localhost");
        settings.put("TALLYGATE_HTTP_PORT", Integer.toString(port));
        settings.put(
                "TALLYGATE_HTTP_TLS_CERTIFICATE",
                identity.certificateFile().toAbsolutePath().toString());
        settings.put(
                "TALLYGATE_HTTP_TLS_KEY", identity.keyFile().toAbsolutePath().toString());
        settings.put("TALLYGATE_MANAGEMENT_HOST", "localhost");
        settings.put("TALLYGATE_MANAGEMENT_PORT", Integer.toString(FreePort.next()));
        settings.put("TALLYGATE_OPERATOR_TENANT_ID", TestIdentity.OPERATOR.toString());
        settings.put("TALLYGATE_OPERATOR_SUBSCRIPTION_ID", TestGateway.OPERATOR_SUBSCRIPTION.toString());
        settings.put("TALLYGATE_AUTH_AUDIENCES", TokenMint.AUDIENCE);
        settings.put(
                "TALLYGATE_AUTH_ISSUERS",
                new JsonArray()
                        .add(new JsonObject()
                                .put("issuer", identity.issuerTemplate())
                                .put("tenants", "*")
                                .put("discovery", identity.discovery().toString())
                                .put(
                                        "caFile",
                                        identity.caFile().toAbsolutePath().toString()))
                        .encode());
        settings.put("TALLYGATE_CONTINUATION_SECRET", "a secret that all gateways of the site share");
        settings.put("TALLYGATE_WINDOWS_LAG", "P1D");
        settings.put("TALLYGATE_WINDOWS_INTERVAL", "PT0.2S");
        settings.put("TALLYGATE_DELIVERY_INTERVAL", "PT0.2S");
        settings.put("TALLYGATE_DELIVERY_ENDPOINTS", endpoints(number, identity));
        settings.put("TALLYGATE_LOG_LEVEL", "INFO");
        return settings;
    }

    private String endpoints(int number, TestIdentity identity) {
        JsonObject settings = identity.commerceClient();
        return new JsonArray()
                .add(settings.put("name", "default")
                        .put("adapter", "marketplace")
                        .put(
                                "url",
                                "https://localhost:"
                                        + endpointProxies.get(number).port() + "/api")
                        .put("planId", "test")
                        .put("caFile", identity.caFile().toAbsolutePath().toString())
                        .put("settle", "PT0S")
                        .put("maxAge", "P60D")
                        .put("deadline", deadline)
                        .put("breakerFailures", 5)
                        .put("breakerReset", "PT1S"))
                .encode();
    }
}
