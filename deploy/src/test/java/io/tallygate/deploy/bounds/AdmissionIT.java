package io.tallygate.deploy.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.streams.Locked;
import io.tallygate.deploy.testing.BulkUsage;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.RawCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets more than a share, and what is too much is refused in time, while the operator is served. */
@Timeout(60)
class AdmissionIT {
    private static final String SUBSCRIPTIONS = "/subscriptions?api-version=2016-06-01";
    private static final String OPERATIONS = "/providers/Microsoft.Commerce/operations";
    private static final int RATE = 2;
    private static final int BURST = 40;

    private static TestPostgres postgres;
    private static BulkUsage usage;
    private static TestGateway gateway;
    private static HttpCaller operator;
    private static ExecutorService callers;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.fresh();
        usage = new BulkUsage(postgres, 1000, 48);
        gateway = gateway(new AdmissionConfig(2, 8, Duration.ofSeconds(1), 1, RATE, BURST, 0));
        operator = HttpCaller.operator(gateway);
        callers = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        callers.shutdownNow();
        gateway.close();
    }

    private static TestGateway gateway(AdmissionConfig admission) {
        return TestGateway.bounded(postgres, ConnectionConfig.DEFAULT, admission);
    }

    private static HttpCaller tenant() {
        return HttpCaller.of(gateway, new TenantId(UUID.randomUUID()), Role.USAGE_READ);
    }

    private static Future<Answer> later(HttpCaller caller, String path) {
        return callers.submit(() -> caller.get(path));
    }

    private static double metric(String name) {
        try {
            String metrics = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(gateway.managementUrl() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return metrics.lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    // A reason is there once it was given.
                    .orElse(0);
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private static double refused(String reason) {
        return metric("tallygate_refusals_total{reason=\"" + reason + "\",status=\"429\"}");
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(429);
        assertThat(answer.errorCode()).isEqualTo("TooManyRequests");
        assertThat(answer.response().headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(1L, 5L);
    }

    @Test
    void aTenantThatAsksTooOftenIsRefusedAndNobodyElse() {
        HttpCaller greedy = tenant();
        double before = refused("tenantRate");
        Answer answer = Stream.generate(() -> greedy.get(OPERATIONS))
                .limit(10 * BURST)
                .filter(each -> each.status() != 200)
                .findFirst()
                .orElseThrow();

        assertRefused(answer);
        assertThat(answer.body()).contains("more often than " + RATE);
        assertThat(refused("tenantRate")).isEqualTo(before + 1);
        assertThat(tenant().get(OPERATIONS).status()).isEqualTo(200);
        for (int i = 0; i < BURST + 5; i++) {
            assertThat(operator.get(OPERATIONS).status()).isEqualTo(200);
        }
    }

    /** Else one spreadsheet of the operator's could keep those waiting who do its work. */
    @Test
    void whoOnlyReadsInTheOperatorsTenantIsATenant() {
        HttpCaller maker = HttpCaller.of(gateway, TestIdentity.OPERATOR, Role.USAGE_READ_ALL);
        Answer made = maker.post("/apiKeys", "application/json", TestWorld.keyBody(usage.subscription.value()));
        HttpCaller keyed = HttpCaller.withKey(gateway, made.json().path("key").asText());
        HttpCaller reader = HttpCaller.of(gateway, TestIdentity.OPERATOR, Role.USAGE_READ);

        for (HttpCaller each : List.of(keyed, reader)) {
            assertThat(Stream.generate(() -> each.get(SUBSCRIPTIONS))
                            .limit(10 * BURST)
                            .anyMatch(answer -> answer.status() == 429))
                    .isTrue();
        }
        for (int i = 0; i < BURST + 5; i++) {
            assertThat(maker.get(OPERATIONS).status()).isEqualTo(200);
        }
    }

    /** A role that is missing is known without the database, but not for nothing: each refusal is written down. */
    @Test
    void whoAsksTooOftenForWhatItMayNotIsRefusedTheSame() {
        HttpCaller greedy = tenant();
        List<Integer> statuses = new ArrayList<>();
        while (statuses.size() < 10 * BURST && !statuses.contains(429)) {
            statuses.add(greedy.get("/windows").status());
        }

        assertThat(statuses).contains(403, 429).hasSizeGreaterThan(BURST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /metadata/endpoints",
                "GET /nowhere",
                "PUT /metadata/endpoints",
                "PUT /windows",
                "GET /windows"
            })
    void whoAsksForNothingWithoutEndIsRefused(String request) {
        String line = request + " HTTP/1.1\r\nHost: localhost\r\n";
        try (TestGateway own = gateway(new AdmissionConfig(8, 100, Duration.ofSeconds(1), 1, 0, 1, 1));
                RawConnection connection = RawConnection.http1(own)) {
            connection.write((line + "\r\n").repeat(150));
            connection.readUntil("\"TooManyRequests\"");
        }
    }

    @Test
    void refusalsOnOneConnectionAreAllAnswered() {
        String token = TestIdentity.get().token(new TenantId(UUID.randomUUID()), Role.USAGE_READ);
        String request =
                "GET " + OPERATIONS + " HTTP/1.1\r\nHost: localhost\r\n" + "Authorization: Bearer " + token + "\r\n";
        try (RawConnection connection = RawConnection.http1(gateway)) {
            connection.write((request + "\r\n").repeat(BURST + 3) + request + "Connection: close\r\n\r\n");
            String answers = connection.readUntilClosed().received();

            assertThat(answers.split("HTTP/1.1 [0-9]{3} ", -1)).hasSize(BURST + 5);
            assertThat(answers).contains("HTTP/1.1 429 ", "\"TooManyRequests\"");
        }
    }

    @Test
    void tenantsWaitForTheirTurnAndTheOperatorForNone() throws Exception {
        HttpCaller first = tenant();
        HttpCaller second = tenant();
        HttpCaller third = tenant();
        List<Future<Answer>> run = new ArrayList<>();
        List<Future<Answer>> wait = new ArrayList<>();
        double waited = refused("waited");
        double full = refused("lineFull");
        try (Locked locked = new Locked(postgres, "subscription")) {
            run.add(later(first, SUBSCRIPTIONS));
            await().until(() -> metric("tallygate_requests_running{line=\"tenants\"}") == 1);
            // Half of the places is the most for one tenant: it waits for itself, while another is let in.
            wait.add(later(first, SUBSCRIPTIONS));
            await().until(() -> metric("tallygate_requests_waiting{line=\"tenants\"}") == 1);
            run.add(later(second, SUBSCRIPTIONS));
            await().until(() -> metric("tallygate_requests_running{line=\"tenants\"}") == 2 && locked.isWaitedFor());
            wait.add(later(third, SUBSCRIPTIONS));

            assertThat(operator.get("/windows").status()).isEqualTo(200);
            for (Future<Answer> each : wait) {
                assertRefused(each.get());
            }
            assertThat(refused("waited")).isEqualTo(waited + 2);

            // A quarter of the line is the most for one tenant: of five, one waits in vain for each that is let in.
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> each : IntStream.range(0, 5)
                    .mapToObj(i -> later(third, SUBSCRIPTIONS))
                    .toList()) {
                answers.add(each.get());
            }
            assertThat(answers).allSatisfy(AdmissionIT::assertRefused);
            assertThat(refused("lineFull")).isGreaterThanOrEqualTo(full + 1);
        }
        for (Future<Answer> each : run) {
            assertThat(each.get().status()).isEqualTo(200);
        }
        await().until(() -> metric("tallygate_requests_running{line=\"tenants\"}") == 0);
        assertThat(metric("tallygate_requests_waiting{line=\"tenants\"}")).isZero();
    }

    /** One place is a tenant's share here: its stream must not keep it. */
    @Test
    void aStreamThatNobodyReadsKeepsNoPlace() {
        String token = TestIdentity.get().token(usage.tenant, Role.USAGE_READ);
        try (RawConnection reader = RawConnection.http1(gateway)) {
            reader.write("GET " + usage.path("Hourly", "&$format=ndjson")
                    + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n");
            reader.readUntil("HTTP/1.1 200 ");

            assertThat(HttpCaller.bearing(gateway, token)
                            .get(usage.path("Daily", ""))
                            .status())
                    .isEqualTo(200);
        }
    }

    /** Large pages that nobody reads would fill the memory. Over HTTP/2 a reader need not even fill the socket. */
    @Test
    void aTenantThatReadsNoAnswersGetsNoMore() {
        String token = TestIdentity.get().token(usage.tenant, Role.USAGE_READ);
        Http2Frames requests = Http2Frames.begin();
        for (int stream = 1; stream < 120; stream += 2) {
            requests.add(
                    Http2Frames.HEADERS,
                    Http2Frames.END_HEADERS | Http2Frames.END_STREAM,
                    stream,
                    Http2Frames.get(usage.path("Daily", ""), token));
        }
        try (TestGateway own = gateway(new AdmissionConfig(8, 400, Duration.ofSeconds(10), 1, 0, 1, 0))) {
            HttpCaller caller = HttpCaller.bearing(own, token);
            try (RawConnection reader = RawConnection.http2(own)) {
                reader.write(requests.bytes());

                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertRefused(caller.get(OPERATIONS)));
                assertThat(HttpCaller.of(own, new TenantId(UUID.randomUUID()), Role.USAGE_READ)
                                .get(OPERATIONS)
                                .status())
                        .isEqualTo(200);
            }
            await().untilAsserted(
                            () -> assertThat(caller.get(OPERATIONS).status()).isEqualTo(200));
        }
    }

    @Test
    void oneStreamOfRecordsTooManyIsRefused() {
        String token = TestIdentity.get().token(TestIdentity.OPERATOR, Role.USAGE_REPORT);
        try (RawConnection stream = RawConnection.http1(gateway)) {
            stream.write("POST /usage/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                    + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nAuthorization: Bearer "
                    + token + "\r\n\r\n");
            stream.readUntil("100 Continue");
            await().untilAsserted(() -> assertRefused(operator.post("/usage/records", "application/x-ndjson", "")));
            // Single events are no streams.
            assertThat(operator.post("/usage/records", "application/cloudevents+json", "{}")
                            .status())
                    .isEqualTo(200);

            stream.write("0\r\n\r\n");
            assertThat(stream.readUntilClosed().received()).contains("HTTP/1.1 200 ");
        }
        await().untilAsserted(() -> assertThat(operator.post("/usage/records", "application/x-ndjson", "")
                        .status())
                .isEqualTo(200));
    }

    /** Any website can have its visitors' browsers ask for pictures here: their office must not be locked out. */
    @Test
    void whoSendsNoCredentialsHasSentNoBadOnes() {
        try (TestGateway own = gateway(new AdmissionConfig(8, 100, Duration.ofSeconds(1), 1, 0, 1, 1))) {
            RawCaller nobody = new RawCaller(own, null);
            for (int i = 0; i < 30; i++) {
                assertThat(nobody.send("GET", OPERATIONS).status()).isEqualTo(401);
            }
            assertThat(HttpCaller.of(own, new TenantId(UUID.randomUUID()), Role.USAGE_READ)
                            .get(OPERATIONS)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void whoSendsBadCredentialsWithoutEndIsRefusedBeforeTheyAreLookedAt() {
        try (TestGateway own = gateway(new AdmissionConfig(8, 100, Duration.ofSeconds(1), 1, 0, 1, 1))) {
            RawCaller forger = new RawCaller(own, "no.good.token");
            List<RawCaller.Answer> answers = new ArrayList<>();
            while (answers.isEmpty() || answers.get(answers.size() - 1).status() == 401) {
                answers.add(forger.send("GET", OPERATIONS));
            }

            assertThat(answers).hasSizeGreaterThan(10);
            RawCaller.Answer refused = answers.get(answers.size() - 1);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).contains("1");
        }
    }
}
