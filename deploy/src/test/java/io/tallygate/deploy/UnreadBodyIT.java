package io.tallygate.deploy;

import static io.tallygate.deploy.testing.TestWorld.CORE_HOURS;
import static io.tallygate.deploy.testing.TestWorld.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request that is refused before its body is read: the sender gets its answer, and the connection goes on. */
@Timeout(60)
class UnreadBodyIT {
    private static final int SIZE = 5_000_000;
    private static final String BODY = "x".repeat(SIZE);

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aLargeBodyWithoutATokenIsA401(HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(TestIdentity.get().tls())
                .build();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(gateway.url() + "/usage/records"))
                            .timeout(Duration.ofSeconds(20))
                            .header("Content-Type", "application/x-ndjson")
                            .POST(HttpRequest.BodyPublishers.ofString(BODY))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"tallygate\"");
        }
    }

    @Test
    void theConnectionServesTheNextRequestAfterA401() throws Exception {
        theNextRequestIsServed("", BODY, "401");
    }

    @Test
    void theConnectionServesTheNextRequestAfterA403() throws Exception {
        String stranger = TestIdentity.get().token(new TenantId(UUID.randomUUID()), Role.USAGE_READ);

        theNextRequestIsServed("Authorization: Bearer " + stranger + "\r\n", BODY, "403");
    }

    @Test
    void theConnectionServesTheNextRequestAfterAStreamThatTheStoreFailed() throws Exception {
        String reporter = TestIdentity.get().token(TestIdentity.OPERATOR, Role.USAGE_REPORT);
        gateway.postgres().execute("alter table usage_identity rename to usage_identity_away");
        try {
            theNextRequestIsServed("Authorization: Bearer " + reporter + "\r\n", manyEvents(), "500");
        } finally {
            gateway.postgres().execute("alter table usage_identity_away rename to usage_identity");
        }
    }

    private static void theNextRequestIsServed(String authorization, String body, String status) throws IOException {
        try (Socket socket = connect()) {
            send(
                    socket,
                    "POST /usage/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                            + authorization + "Content-Length: " + body.length() + "\r\n\r\n" + body
                            + "GET /metadata/endpoints HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answers).startsWith("HTTP/1.1 " + status + " ").contains("HTTP/1.1 200 OK");
        }
    }

    private static Socket connect() throws IOException {
        return TestIdentity.get()
                .tls()
                .getSocketFactory()
                .createSocket("localhost", gateway.url().getPort());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String manyEvents() {
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        SubscriptionId subscription = new SubscriptionId(UUID.randomUUID());
        return IntStream.range(0, 20_000)
                .mapToObj(i -> event(Integer.toString(i), subscription, CORE_HOURS, "1", hour))
                .collect(Collectors.joining());
    }
}
