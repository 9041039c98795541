package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.BulkUsage;
import io.tallygate.deploy.testing.CapturedLog;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.StreamCaller;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.Migrations;
import io.tallygate.store.testing.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What those who run a gateway see of its requests, its work and itself. */
class ObservationIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String USAGE = "/subscriptions/{subscription}/providers/Microsoft.Commerce/UsageAggregates";

    private static TestGateway gateway;
    private static BulkUsage usage;

    @BeforeAll
    static void start() {
        TestPostgres postgres = TestPostgres.fresh();
        usage = new BulkUsage(postgres, 1000, 48);
        gateway = TestGateway.over(postgres);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aRequestHasOneLineThatSaysNothingOfWhoCalled() {
        String token = TestIdentity.get().token(usage.tenant, Role.USAGE_READ);
        HttpCaller caller = HttpCaller.with(
                gateway,
                Map.of(
                        "Authorization",
                        "Bearer " + token,
                        "x-ms-correlation-request-id",
                        "4711",
                        "traceparent",
                        "00-" + TRACE + "-b7ad6b7169203331-01"));
        try (CapturedLog log = new CapturedLog()) {
            Answer answer = caller.get(usage.path("Daily", ""));
            Map<String, Object> line = line(log, id(answer));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(line)
                    .containsEntry("method", "GET")
                    .containsEntry("route", USAGE)
                    .containsEntry("status", 200)
                    .containsEntry("outcome", "2xx")
                    .containsEntry("credential", "token")
                    .containsEntry("correlationId", "4711")
                    .containsEntry("traceId", TRACE)
                    .containsEntry("bytes", (long) answer.body().getBytes(StandardCharsets.UTF_8).length)
                    .doesNotContainKeys("error", "stream");
            assertThat((Double) line.get("millis")).isPositive();
            assertThat(line.toString())
                    .doesNotContain(usage.tenant.toString(), usage.subscription.toString(), "reported", token);
        }
    }

    @Test
    void whatIsRefusedAndWhatIsNoRouteHasALineToo() {
        try (CapturedLog log = new CapturedLog()) {
            Answer refused = HttpCaller.with(gateway, Map.of("x-api-key", "tgk_nonsense", "traceparent", "00-0-0-00"))
                    .get("/windows");
            Answer lost = HttpCaller.anonymous(gateway).send("PROPFIND", "/nothing/secret", null, null);

            assertThat(line(log, id(refused)))
                    .containsEntry("route", "/windows")
                    .containsEntry("outcome", "4xx")
                    .containsEntry("credential", "apiKey")
                    .containsEntry("error", "InvalidApiKey")
                    .doesNotContainKey("traceId");
            assertThat(line(log, id(lost)))
                    .containsEntry("method", "OTHER")
                    .containsEntry("route", "none")
                    .containsEntry("credential", "none")
                    .containsEntry("error", "ResourceNotFound");
        }
        assertThat(metrics())
                .contains("tallygate_request_duration_seconds_count{method=\"OTHER\",outcome=\"4xx\",route=\"none\"}");
    }

    @Test
    void aStreamThatIsLeftIsAbortedAndNotOpenAnyMore() {
        try (CapturedLog log = new CapturedLog();
                StreamCaller caller = StreamCaller.of(gateway, usage.tenant, Role.USAGE_READ)) {
            StreamCaller.Reading reading = caller.open(usage.path("Hourly", "&$format=ndjson"));
            assertThat(reading.status()).isEqualTo(200);
            assertThat(metrics()).contains("tallygate_streams_open{direction=\"out\"} 1.0");
            reading.close();

            await().untilAsserted(() -> assertThat(metrics())
                    .contains(
                            "tallygate_streams_open{direction=\"out\"} 0.0",
                            "tallygate_streams_total{direction=\"out\",outcome=\"aborted\"} 1.0"));
            assertThat(log.fields("tallygate.request"))
                    .anySatisfy(line -> assertThat(line)
                            .containsEntry("stream", "out")
                            .containsEntry("outcome", "aborted")
                            .containsEntry("route", USAGE));
        }
    }

    @Test
    void recordsAreCountedByOutcome() {
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        String unknown = TestEvent.of("1", TestGateway.OPERATOR_SUBSCRIPTION, hour)
                .text("data.meterId", "nobody knows it")
                .line();
        double before = value("tallygate_ingest_records_total{outcome=\"Quarantined\"}");
        double rejected = value("tallygate_ingest_records_total{outcome=\"Rejected\"}");

        HttpCaller.operator(gateway).post("/usage/records", "application/x-ndjson", unknown + "nonsense\n");

        assertThat(value("tallygate_ingest_records_total{outcome=\"Quarantined\"}"))
                .isEqualTo(before + 1);
        assertThat(value("tallygate_ingest_records_total{outcome=\"Rejected\"}"))
                .isEqualTo(rejected + 1);
    }

    @Test
    void readinessNamesEveryCheckAndInfoSaysWhatRuns() {
        JsonNode ready = Answer.parse(management("/health/ready"));
        JsonNode info = Answer.parse(management("/info"));

        assertThat(ready.path("checks").findValuesAsText("name"))
                .containsExactly("issuers", "process", "store", "pool", "sealing", "delivery", "collect");
        assertThat(List.of(ready.path("status").asText())).containsExactly("UP");
        assertThat(info.at("/schema/program").asInt()).isEqualTo(Migrations.VERSION);
        assertThat(info.at("/schema/database").asInt()).isEqualTo(Migrations.VERSION);
        assertThat(info.path("commit").asText()).isNotEmpty();
        assertThat(info.path("java").asText())
                .startsWith(Integer.toString(Runtime.version().feature()));
        assertThat(Instant.parse(info.path("started").asText())).isBefore(Instant.now());
    }

    @Test
    void whatTheDatabaseKnowsIsReadByItself() {
        await().untilAsserted(() ->
                assertThat(value("tallygate_sealing_overdue_seconds")).isNotNaN());
        assertThat(metrics()).contains("tallygate_held_records{reason=\"MeterUnknown\"}");
    }

    private static Map<String, Object> line(CapturedLog log, String requestId) {
        // The line is written after the last byte, of which the caller knows first.
        await().until(() ->
                log.fields("tallygate.request").stream().anyMatch(line -> requestId.equals(line.get("requestId"))));
        return log.fields("tallygate.request").stream()
                .filter(line -> requestId.equals(line.get("requestId")))
                .findFirst()
                .orElseThrow();
    }

    private static String id(Answer answer) {
        return answer.response().headers().firstValue("x-ms-request-id").orElseThrow();
    }

    private static String metrics() {
        return management("/metrics");
    }

    private static double value(String metric) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static String management(String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(gateway.managementUrl() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
