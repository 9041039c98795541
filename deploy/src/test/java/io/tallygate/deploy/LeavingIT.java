package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.testing.TestTokens;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that stops, and whom it serves meanwhile. */
final class LeavingIT {
    @TempDir
    private Path directory;

    private ConfiguredGateway gateway;

    private void start(String delay) throws Exception {
        gateway = new ConfiguredGateway(directory);
        gateway.settings.put("shutdown.delay", delay);
        gateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void callersAreServedUntilTheDelayIsOverAndAskedToLeave() throws Exception {
        start("10m");
        HttpClient one = client(HttpClient.Version.HTTP_1_1);
        HttpClient two = client(HttpClient.Version.HTTP_2);
        assertThat(ask(one).headers().firstValue("Connection")).isEmpty();
        assertThat(ask(two).version()).isEqualTo(HttpClient.Version.HTTP_2);

        Future<Void> stopped = gateway.stop();
        assertThat(gateway.management("/health/ready").statusCode()).isEqualTo(503);
        for (int i = 0; i < 20; i++) {
            assertThat(ask(one).headers().firstValue("Connection")).contains("close");
            assertThat(ask(two).statusCode()).isEqualTo(200);
        }
        assertThat(stopped.isComplete()).isFalse();
    }

    @Test
    void aStreamOfRecordsThatIsUnderWayIsTakenToItsEnd() throws Exception {
        start("100ms");
        PipedOutputStream lines = new PipedOutputStream();
        InputStream body = new PipedInputStream(lines);
        CountDownLatch asked = new CountDownLatch(1);
        String token = gateway.tokens.with(gateway.tokens
                .claims()
                .put("tid", TestTokens.OPERATOR.toString())
                .put("roles", new JsonArray().add("Usage.Report")));
        CompletableFuture<HttpResponse<String>> answer = client(HttpClient.Version.HTTP_1_1)
                .sendAsync(
                        HttpRequest.newBuilder(gateway.url().resolve("/usage/records?outcomes=all"))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/x-ndjson")
                                .expectContinue(true)
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> {
                                    asked.countDown();
                                    return body;
                                }))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        asked.await();
        line(lines, "before");

        Future<Void> stopped = gateway.stop();
        await().until(() -> isRefused());
        line(lines, "after");
        lines.close();

        assertThat(answer.get().statusCode()).isEqualTo(200);
        assertThat(answer.get().body()).contains("before", "after", "totals");
        stopped.await();
    }

    private boolean isRefused() {
        try {
            ask(client(HttpClient.Version.HTTP_1_1));
            return false;
        } catch (Exception refused) {
            return true;
        }
    }

    // Whose subscription nobody knows: it is kept.
    private static void line(OutputStream lines, String id) throws Exception {
        String event = TestWorld.event(
                id,
                new SubscriptionId(UUID.randomUUID()),
                TestWorld.CORE_HOURS,
                "1",
                Instant.now().minusSeconds(7200));
        lines.write(event.getBytes(StandardCharsets.UTF_8));
        lines.flush();
    }

    private HttpResponse<String> ask(HttpClient client) throws Exception {
        return client.send(
                HttpRequest.newBuilder(gateway.url().resolve("/tenants?api-version=2016-06-01"))
                        .header("Authorization", "Bearer " + gateway.tokens.good("RS256"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(TestIdentity.get().tls())
                .build();
    }
}
