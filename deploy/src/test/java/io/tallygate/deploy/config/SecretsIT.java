package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.Main;
import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.testing.FreePort;
import io.tallygate.store.testing.OwnPostgres;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway in a process of its own whose every secret can be told, and which logs all it can: none of them, and no
 * caller's token, comes out in its arguments, its log, its answers or its metrics.
 */
@OwnPostgres("needs one that takes every password, for its passwords are canaries")
final class SecretsIT {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().sslContext(TestIdentity.get().tls()).build();

    @TempDir
    private Path directory;

    private final StringBuilder seen = new StringBuilder();

    @Test
    void noSecretComesOut() throws Exception {
        int port = FreePort.next();
        int management = FreePort.next();
        Path log = directory.resolve("log");
        Process process = start(settings(port, management), log);
        try {
            String health = "http://localhost:" + management;
            await().atMost(Duration.ofSeconds(90)).until(() -> get(health + "/health/ready", "") == 200);
            List.of("/health/live", "/info", "/metrics").forEach(path -> get(health + path, ""));
            ask("https://localhost:" + port);
            seen.append(process.info().commandLine().orElse(""));
        } finally {
            process.destroy();
            process.waitFor(30, TimeUnit.SECONDS);
            process.destroyForcibly();
        }
        String output = Files.readString(log);

        assertThat(output).contains("DEBUG", "\"logger\":\"tallygate.request\"", "\"error\":\"InvalidApiKey\"");
        assertThat(requestLines(output)).hasSizeGreaterThanOrEqualTo(7).allSatisfy(SecretsIT::saysNothingOfItsCaller);
        assertThat(seen).contains("continuationToken", "java");
        assertThat(output + seen).doesNotContain(Canaries.MARK).doesNotContain(token().substring(0, 40));
    }

    private static List<String> requestLines(String output) {
        return output.lines()
                .filter(line -> line.contains("\"logger\":\"tallygate.request\""))
                .toList();
    }

    private static void saysNothingOfItsCaller(String line) {
        JsonObject fields = new JsonObject(line);
        assertThat(fields.fieldNames())
                .isSubsetOf(
                        "@timestamp",
                        "level",
                        "thread",
                        "logger",
                        "message",
                        "method",
                        "route",
                        "status",
                        "outcome",
                        "millis",
                        "bytes",
                        "credential",
                        "requestId",
                        "error");
        assertThat(line)
                .doesNotContain(
                        TestIdentity.OPERATOR.toString(),
                        TestGateway.OPERATOR_SUBSCRIPTION.toString(),
                        "127.0.0.1",
                        "?");
    }

    /** What a caller gives away, and what is refused. */
    private void ask(String gateway) {
        String usage = gateway + "/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION
                + "/providers/Microsoft.Commerce/UsageAggregates?api-version=2015-06-01-preview";
        get(gateway + "/subscriptions?api-version=2016-06-01", "Bearer " + token());
        get(gateway + "/subscriptions?api-version=2016-06-01", "Bearer " + Canaries.MARK);
        get(gateway + "/subscriptions?api-version=2016-06-01", Canaries.MARK);
        get(gateway + "/subscriptions?api-version=2016-06-01&api_key=" + Canaries.MARK, "Bearer " + token());
        get(gateway + "/subscriptions?api-version=2016-06-01&api_key=tgk_" + Canaries.MARK, "");
        get(gateway + "/portal/signin?returnTo=" + Canaries.MARK, "");
        get(usage + "&continuationToken=" + Canaries.MARK, "Bearer " + token());
    }

    private static String token() {
        return TestIdentity.get().token(TestIdentity.OPERATOR, Role.values());
    }

    private int get(String url, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            seen.append(answer.headers().map()).append(answer.body());
            return answer.statusCode();
        } catch (IOException notYet) {
            return 0;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static Process start(Map<String, String> settings, Path log) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-Xmx384m",
                // Not that of the tests, which is on the same class path.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve");
        builder.environment().putAll(settings);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        return builder.start();
    }

    private Map<String, String> settings(int port, int management) throws IOException {
        TestIdentity identity = TestIdentity.get();
        DatabaseConfig database = TestPostgres.fresh().config();
        Map<String, String> settings = new HashMap<>(Map.of(
                "TALLYGATE_DATABASE_URL", database.url(),
                "TALLYGATE_DATABASE_USER", database.user(),
                "TALLYGATE_HTTP_HOST", "localhost",
                "TALLYGATE_HTTP_PORT", Integer.toString(port),
                "TALLYGATE_HTTP_TLS_CERTIFICATE",
                        identity.certificateFile().toAbsolutePath().toString(),
                "TALLYGATE_HTTP_TLS_KEY", identity.keyFile().toAbsolutePath().toString(),
                "TALLYGATE_MANAGEMENT_HOST", "localhost",
                "TALLYGATE_MANAGEMENT_PORT", Integer.toString(management),
                "TALLYGATE_OPERATOR_TENANT_ID", TestIdentity.OPERATOR.toString(),
                "TALLYGATE_OPERATOR_SUBSCRIPTION_ID", TestGateway.OPERATOR_SUBSCRIPTION.toString()));
        settings.put("TALLYGATE_AUTH_AUDIENCES", TokenMint.AUDIENCE);
        settings.put("TALLYGATE_AUTH_ISSUERS", issuers(identity));
        settings.put("TALLYGATE_DATABASE_ADMIN_USER", "nobody");
        settings.put("TALLYGATE_DATABASE_REPLICA_URL", database.url());
        settings.put("TALLYGATE_DATABASE_REPLICA_USER", "nobody");
        settings.put("TALLYGATE_PORTAL_CLIENT_ID", "portal");
        settings.put("TALLYGATE_PORTAL_DISCOVERY", identity.signInDiscovery().toString());
        settings.put("TALLYGATE_LOG_LEVEL", "TRACE");
        for (Setting<?> secret : Canaries.settings()) {
            Path file = Files.writeString(directory.resolve(secret.key()), Canaries.of(secret));
            settings.put(secret.fileEnvironmentName(), file.toString());
        }
        return settings;
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
}
