package io.tallygate.deploy;

import io.tallygate.deploy.config.ConfigException;
import io.tallygate.deploy.config.ConfigLoader;
import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.deploy.config.TextFiles;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.testing.IssuerServer;
import io.tallygate.gateway.testing.SigningKey;
import io.tallygate.gateway.testing.TestCertificate;
import io.tallygate.gateway.testing.TestTokens;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A gateway that is started from a configuration file, which a test may change; with an issuer, and one more to add. */
final class ConfiguredGateway implements AutoCloseable {
    private static final HttpClient HEALTH = HttpClient.newHttpClient();

    final TestPostgres postgres = TestPostgres.fresh();
    final JsonObject settings = new JsonObject();
    final IssuerServer first;
    final IssuerServer second;
    /** Of {@link #first}. */
    final TestTokens tokens;
    /** Of {@link #second}. */
    final TestTokens others;

    private final Vertx vertx = Vertx.vertx();
    private final Path file;
    private Application application;
    private boolean stopped;

    /** Not started yet; {@link #settings} are whole. */
    ConfiguredGateway(Path directory) throws IOException {
        TestCertificate certificate = TestCertificate.create();
        first = new IssuerServer(vertx, certificate);
        second = new IssuerServer(vertx, certificate);
        tokens = publish(first);
        others = publish(second);
        file = directory.resolve("tallygate.json");
        Files.writeString(directory.resolve("ca.pem"), certificate.certificatePem());
        DatabaseConfig database = postgres.config();
        TestIdentity identity = TestIdentity.get();
        settings.put("database.url", database.url())
                .put("database.user", database.user())
                .put("database.password", database.password())
                .put("http.host", "localhost")
                .put("http.port", 0)
                .put(
                        "http.tls.certificate",
                        identity.certificateFile().toAbsolutePath().toString())
                .put("http.tls.key", identity.keyFile().toAbsolutePath().toString())
                .put("management.host", "localhost")
                .put("management.port", 0)
                .put("operator.tenantId", TestTokens.OPERATOR.toString())
                .put("operator.subscriptionId", TestGateway.OPERATOR_SUBSCRIPTION.toString())
                .put("auth.audiences", new JsonArray().add(TestTokens.AUDIENCE))
                .put("auth.issuers", new JsonArray().add(issuer(first, "*")))
                .put("continuation.secret", "a secret that no other gateway has to know")
                .put("limits.tenant.rate", 0);
    }

    void start() throws ConfigException {
        Configuration configuration = read();
        application = Application.start(
                vertx,
                ServeConfig.from(configuration),
                new StartOptions(
                        false, Optional.of(new StartOptions.Configured(configuration, this::read)), Optional.empty()));
        application.ready().await();
    }

    Application application() {
        return application;
    }

    /** Its configuration file, once it is started. */
    Path file() {
        return file;
    }

    URI url() {
        return URI.create("https://localhost:" + application.port());
    }

    /** As {@code auth.issuers} has it. */
    static JsonObject issuer(IssuerServer server, String tenant) {
        return new JsonObject()
                .put("issuer", server.url())
                .put("tenants", tenant.equals("*") ? tenant : new JsonArray().add(tenant))
                .put("caFile", "ca.pem");
    }

    /** What the management server answers. */
    HttpResponse<String> management(String path) {
        try {
            return HEALTH.send(
                    HttpRequest.newBuilder(application.managementUrl().resolve(path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Tells it to stop; then whoever closes this does not wait for that. */
    Future<Void> stop() {
        stopped = true;
        return application.stop();
    }

    @Override
    public void close() {
        if (!stopped) {
            application.stop().await();
        }
        first.stop();
        second.stop();
        vertx.close().await();
    }

    private Configuration read() throws ConfigException {
        try {
            Files.writeString(file, settings.encode());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return new ConfigLoader(Map.of(), TextFiles.disk()).load(Optional.of(file), Purpose.SERVE);
    }

    private static TestTokens publish(IssuerServer issuer) {
        issuer.start();
        TestTokens issued = new TestTokens(issuer.url(), Instant.now(), SigningKey.rsa("rsa"), SigningKey.ec("ec"));
        issuer.publish(issued.rsa(), issued.ec());
        return issued;
    }
}
