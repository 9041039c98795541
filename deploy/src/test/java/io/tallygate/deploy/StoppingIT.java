package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.deploy.testing.TestEvents;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stop signal while an endpoint hangs. */
class StoppingIT {
    private final TestPostgres postgres = TestPostgres.fresh();
    private Process process;

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void anEndpointThatHangsDidNotLetTheGatewayStopInTime() throws Exception {
        TestEvents events = new TestEvents(postgres);
        UUID key = events.pending(
                UUID.randomUUID(),
                new SubscriptionId(UUID.randomUUID()),
                Instant.now().truncatedTo(ChronoUnit.HOURS),
                "1");
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            start(hanging.getLocalPort());
            await().atMost(1, TimeUnit.MINUTES).until(() -> events.get(key, "unknown_since is not null"), "t"::equals);
            // Not Process.destroy, which closes the output too.
            process.toHandle().destroy();

            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(process.exitValue()).isZero();
        assertThat(postgres.query("select outcome from delivery_ledger")).containsExactly("NoAnswer");
    }

    private void start(int endpoint) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve");
        builder.environment().putAll(settings(endpoint));
        builder.redirectErrorStream(true);
        builder.redirectOutput(new File("target/stopping.log"));
        process = builder.start();
    }

    private Map<String, String> settings(int endpoint) {
        TestIdentity identity = TestIdentity.get();
        DatabaseConfig database = postgres.config();
        return Map.ofEntries(
                Map.entry("TALLYGATE_DATABASE_URL", database.url()),
                Map.entry("TALLYGATE_DATABASE_USER", database.user()),
                Map.entry("TALLYGATE_DATABASE_PASSWORD", database.password()),
                Map.entry("TALLYGATE_HTTP_HOST", "localhost"),
                Map.entry("TALLYGATE_HTTP_PORT", "0"),
                Map.entry("TALLYGATE_MANAGEMENT_HOST", "localhost"),
                Map.entry("TALLYGATE_MANAGEMENT_PORT", "0"),
                Map.entry("TALLYGATE_OPERATOR_TENANT_ID", TestIdentity.OPERATOR.toString()),
                Map.entry("TALLYGATE_OPERATOR_SUBSCRIPTION_ID", TestGateway.OPERATOR_SUBSCRIPTION.toString()),
                Map.entry("TALLYGATE_AUTH_AUDIENCES", TokenMint.AUDIENCE),
                Map.entry("TALLYGATE_AUTH_ISSUERS", issuers(identity)),
                Map.entry("TALLYGATE_CONTINUATION_SECRET", "a secret that no other gateway has to know"),
                Map.entry("TALLYGATE_DELIVERY_INTERVAL", "PT0.2S"),
                Map.entry("TALLYGATE_DELIVERY_ENDPOINTS", endpoints(endpoint)),
                Map.entry("TALLYGATE_SHUTDOWN_TIMEOUT", "PT1S"));
    }

    private static String issuers(TestIdentity identity) {
        return new JsonArray()
                .add(new JsonObject()
                        .put("issuer", identity.issuerTemplate())
                        .put("tenants", "*")
                        .put("discovery", identity.discovery().toString())
                        .put("caFile", identity.caFile().toAbsolutePath().toString()))
                .encode();
    }

    // The deadline is longer than the shutdown's timeout and the ten seconds that follow it.
    private static String endpoints(int port) {
        return new JsonArray()
                .add(new JsonObject()
                        .put("name", "default")
                        .put("adapter", "cloudevents")
                        .put("url", "http://127.0.0.1:" + port)
                        .put("deadline", "PT12S"))
                .encode();
    }
}
