package io.tallygate.deploy.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.store.directory.TenantId;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo's commerce endpoint over TLS, with tokens of the demo's identity provider. */
class CommerceEndpointIT {
    private static final TenantId OPERATOR = new TenantId(UUID.fromString("0e000000-0000-4000-8000-000000000001"));
    private static final String PAYER = "c0000000-0000-4000-8000-000000000001";
    private static final String OTHER_PAYER = "c0000000-0000-4000-8000-000000000002";
    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(5));

    @TempDir
    static Path siteRoot;

    @TempDir
    Path root;

    private static DemoDirectory site;
    private static DemoClients clients;
    private static IdentityProvider identity;
    private static HttpClient http;

    private DemoDirectory directory;
    private CommerceEndpoint endpoint;
    private String token;

    @BeforeAll
    static void startIdentityProvider() throws Exception {
        site = new DemoDirectory(siteRoot);
        clients = new DemoClients(OPERATOR, "secret");
        ServerCertificate certificate = new CertificateAuthority(site, Clock.systemUTC()).serverCertificate();
        identity = IdentityProvider.start(site, certificate, clients, Clock.systemUTC());
        http = HttpClient.newBuilder().sslContext(certificate.clientContext()).build();
    }

    @AfterAll
    static void stopIdentityProvider() {
        identity.close();
    }

    @BeforeEach
    void start() throws Exception {
        directory = new DemoDirectory(root);
        endpoint = CommerceEndpoint.start(site, directory, Clock.systemUTC());
        token = identity.mint().token(clients.commerce());
    }

    @AfterEach
    void stop() throws Exception {
        endpoint.close();
    }

    @Test
    void aClientsTokenOfTheTokenEndpointBillsAndTheAnswerEchoesEachEvent() throws Exception {
        DemoClient client = clients.commerce();
        String form = "grant_type=client_credentials&client_id=" + client.clientId() + "&client_secret="
                + URLEncoder.encode(client.clientSecret(), UTF_8);
        HttpResponse<String> granted = http.send(
                HttpRequest.newBuilder(identity.tokenEndpoint(client.tenant()))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        token = CommerceJson.read(granted.body()).path("access_token").asText();

        HttpResponse<String> answer =
                batch(event(PAYER, "disk", "0.000000000000001", hour), event(OTHER_PAYER, "disk", "1e2", hour));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-ms-requestid")).contains("request-1");
        JsonNode body = CommerceJson.read(answer.body());
        assertThat(body.path("count").asInt()).isEqualTo(2);
        JsonNode first = body.path("result").path(0);
        assertThat(first.path("status").asText()).isEqualTo("Accepted");
        assertThat(UUID.fromString(first.path("usageEventId").asText())).isNotNull();
        assertThat(Instant.parse(first.path("messageTime").asText()))
                .isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        assertThat(first.path("resourceId").asText()).isEqualTo(PAYER);
        assertThat(first.path("dimension").asText()).isEqualTo("disk");
        assertThat(first.path("planId").asText()).isEqualTo("demo");
        assertThat(first.path("effectiveStartTime").asText()).isEqualTo(hour.toString());
        assertThat(answer.body()).contains("\"quantity\":0.000000000000001", "\"quantity\":100");
    }

    @Test
    void oneEventIsTakenForEachPayerDimensionAndHour() throws Exception {
        batch(event(PAYER, "disk", "1.5", hour));

        JsonNode again = result(batch(
                event(PAYER, "disk", "2.5", hour.plusSeconds(3599)),
                event(PAYER, "disk", "1.5", hour.plusSeconds(3600)),
                event(PAYER, "ip", "1.5", hour),
                event(OTHER_PAYER, "disk", "1.5", hour),
                event(OTHER_PAYER, "disk", "1.5", hour)));

        assertThat(statuses(again)).containsExactly("Duplicate", "Accepted", "Accepted", "Accepted", "Duplicate");
        JsonNode duplicate = again.path(0);
        assertThat(duplicate.path("messageTime").asText()).isEqualTo("0001-01-01T00:00:00");
        assertThat(duplicate.path("quantity").decimalValue()).isEqualByComparingTo("2.5");
        assertThat(duplicate.at("/error/code").asText()).isEqualTo("Conflict");
        JsonNode accepted = duplicate.at("/error/additionalInfo/acceptedMessage");
        assertThat(accepted.path("status").asText()).isEqualTo("Duplicate");
        assertThat(accepted.path("quantity").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(accepted.path("effectiveStartTime").asText()).isEqualTo(hour.toString());
        assertThat(accepted.path("resourceId").asText()).isEqualTo(PAYER);
        assertThat(billed(PAYER)).isEqualByComparingTo("4.5");
    }

    @Test
    void eachRefusalHasItsStatusAndBillsNothing() throws Exception {
        Instant now = Instant.now();
        ObjectNode withoutPlan = event(PAYER, "disk", "1", hour);
        withoutPlan.remove("planId");
        ObjectNode text = event(PAYER, "disk", "1", hour).put("quantity", "1");
        ObjectNode noTime = event(PAYER, "disk", "1", hour).put("effectiveStartTime", "yesterday");

        JsonNode refused = result(batch(
                event(PAYER, "disk", "0", hour),
                event(PAYER, "disk", "-1", hour),
                event(PAYER, "disk", "1", now.minus(Duration.ofDays(60)).minusSeconds(60)),
                event(PAYER, "disk", "1", now.plus(Duration.ofHours(1))),
                withoutPlan,
                text,
                noTime,
                CommerceJson.object()));

        assertThat(statuses(refused))
                .containsExactly(
                        "InvalidQuantity",
                        "InvalidQuantity",
                        "Expired",
                        "BadArgument",
                        "BadArgument",
                        "BadArgument",
                        "BadArgument",
                        "BadArgument");
        assertThat(refused)
                .allSatisfy(each -> assertThat(each.at("/error/code").asText())
                        .isEqualTo(each.path("status").asText()));
        assertThat(billed(PAYER)).isZero();
        assertThat(get("/").at("/counters/BadArgument").asInt()).isEqualTo(5);
    }

    @Test
    void anHourOfAlmostSixtyDaysAgoAndATimeWithoutZoneAndAUriAreTaken() throws Exception {
        ObjectNode uri = CommerceJson.object().put("resourceUri", "/subscriptions/" + PAYER);
        uri.put("quantity", 1)
                .put("dimension", "disk")
                .put("planId", "demo")
                .put("effectiveStartTime", hour.toString().replace("Z", ""));
        Instant old = Instant.now().minus(Duration.ofDays(60)).plusSeconds(60);

        JsonNode taken = result(batch(event(PAYER, "disk", "1", old), uri));

        assertThat(statuses(taken)).containsExactly("Accepted", "Accepted");
        assertThat(taken.path(1).path("resourceUri").asText()).isEqualTo("/subscriptions/" + PAYER);
    }

    @Test
    void aBatchHasOneToTwentyFiveEvents() throws Exception {
        List<ObjectNode> many = new ArrayList<>();
        for (int back = 0; back < 26; back++) {
            many.add(event(PAYER, "disk", "1", hour.minus(Duration.ofHours(back))));
        }
        assertThat(batch(many.toArray(ObjectNode[]::new)).statusCode()).isEqualTo(400);
        assertThat(batch().statusCode()).isEqualTo(400);
        assertThat(post("/api/batchUsageEvent?api-version=2018-08-31", token, "{")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/api/batchUsageEvent?api-version=2020-01-01", token, "{\"request\": []}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/api/batchUsageEvent?api-version=2018-08-31", token, " ".repeat(2 << 20))
                        .statusCode())
                .isEqualTo(413);
        assertThat(billed(PAYER)).isZero();

        assertThat(statuses(result(batch(many.subList(0, 25).toArray(ObjectNode[]::new)))))
                .hasSize(25)
                .containsOnly("Accepted");
    }

    @Test
    void theSingleOperationAnswersWithHttpStatuses() throws Exception {
        HttpResponse<String> accepted = single(event(PAYER, "disk", "1", hour));
        HttpResponse<String> duplicate = single(event(PAYER, "disk", "1", hour));
        HttpResponse<String> refused = single(event(PAYER, "disk", "0", hour));

        assertThat(accepted.statusCode()).isEqualTo(200);
        assertThat(CommerceJson.read(accepted.body()).path("status").asText()).isEqualTo("Accepted");
        assertThat(duplicate.statusCode()).isEqualTo(409);
        assertThat(CommerceJson.read(duplicate.body())
                        .at("/additionalInfo/acceptedMessage/quantity")
                        .asInt())
                .isEqualTo(1);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(CommerceJson.read(refused.body()).at("/details/0/code").asText())
                .isEqualTo("InvalidQuantity");
    }

    @Test
    void onlyATokenOfTheDemoWithTheRoleBills() throws Exception {
        DemoDirectory stranger = new DemoDirectory(root.resolve("stranger"));
        String foreign = new TokenMint(SigningKey.in(stranger), identity.authority(), Clock.systemUTC())
                .token(clients.commerce());
        Clock yesterday = Clock.offset(Clock.systemUTC(), Duration.ofDays(-1));
        String old = new TokenMint(SigningKey.in(site), identity.authority(), yesterday).token(clients.commerce());
        String none = token.substring(0, token.lastIndexOf('.') + 1);

        for (String bad : List.of(foreign, old, none, "", "nonsense")) {
            HttpResponse<String> answer = post("/api/batchUsageEvent?api-version=2018-08-31", bad, "{}");
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        }
        String reporter = identity.mint().token(clients.reporter());
        assertThat(post("/api/batchUsageEvent?api-version=2018-08-31", reporter, "{}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(get("/").at("/counters/refusedRequests").asInt()).isEqualTo(6);
    }

    @Test
    void theBookIsTheSameAfterARestartAlsoWithATornLastLine() throws Exception {
        batch(event(PAYER, "disk", "1.25", hour), event(PAYER, "ip", "2", hour));
        JsonNode before = get("/subscriptions/" + PAYER);
        URI url = endpoint.url();
        endpoint.close();
        Files.writeString(
                CommerceEndpoint.bookFile(directory), "{\"usageEventId\":\"torn", UTF_8, StandardOpenOption.APPEND);

        endpoint = CommerceEndpoint.start(site, directory, Clock.systemUTC());

        assertThat(endpoint.url()).isEqualTo(url);
        assertThat(get("/subscriptions/" + PAYER)).isEqualTo(before);
        assertThat(statuses(result(
                        batch(event(PAYER, "disk", "1.25", hour), event(PAYER, "disk", "1", hour.plusSeconds(3600))))))
                .containsExactly("Duplicate", "Accepted");
        endpoint.close();
        endpoint = CommerceEndpoint.start(site, directory, Clock.systemUTC());
        assertThat(billed(PAYER)).isEqualByComparingTo("4.25");
    }

    @Test
    void aBookWithABrokenLineIsNotOpened() throws Exception {
        endpoint.close();
        Files.writeString(CommerceEndpoint.bookFile(directory), "{\"usageEventId\":\n", UTF_8);

        assertThatThrownBy(() -> CommerceEndpoint.start(site, directory, Clock.systemUTC()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("commerce-book.jsonl:1");
        Files.writeString(CommerceEndpoint.bookFile(directory), "", UTF_8);
        endpoint = CommerceEndpoint.start(site, directory, Clock.systemUTC());
    }

    @Test
    void itShowsWhatEverySubscriptionWasBilled() throws Exception {
        batch(event(PAYER, "disk", "1.5", hour), event(PAYER, "ip", "2", hour), event(OTHER_PAYER, "ip", "3", hour));

        JsonNode all = get("/");
        assertThat(all.path("total").toString()).isEqualTo("{\"billed\":3,\"quantity\":6.5,\"billedMoreThanOnce\":0}");
        assertThat(all.path("subscriptions")).hasSize(2);
        assertThat(all.at("/subscriptions/0").toString())
                .isEqualTo("{\"resourceId\":\"" + PAYER + "\",\"billed\":2,\"quantity\":3.5,\"billedMoreThanOnce\":0,"
                        + "\"dimensions\":[{\"dimension\":\"disk\",\"billed\":1,\"quantity\":1.5,\"billedMoreThanOnce\":0},"
                        + "{\"dimension\":\"ip\",\"billed\":1,\"quantity\":2,\"billedMoreThanOnce\":0}]}");
        assertThat(all.at("/counters/requests").asInt()).isEqualTo(1);
        assertThat(all.at("/counters/Accepted").asInt()).isEqualTo(3);
        assertThat(all.at("/switch/mode").asText()).isEqualTo("ok");

        JsonNode events = get("/?events=true").at("/subscriptions/1/events");
        assertThat(events).isEqualTo(get("/subscriptions/" + OTHER_PAYER).path("events"));
        assertThat(events.path(0).path("hour").asText()).isEqualTo(hour.toString());
        assertThat(events.path(0).path("requestId").asText()).isEqualTo("request-1");
        assertThat(events.path(0).path("timesBilled").asInt()).isEqualTo(1);
    }

    @Test
    void withItsKeysForgottenItBillsTwiceAndSaysSo() throws Exception {
        batch(event(PAYER, "disk", "1", hour));
        turn("{\"mode\": \"forget-keys\"}");

        assertThat(statuses(result(batch(event(PAYER, "disk", "1", hour))))).containsExactly("Accepted");
        assertThat(statuses(result(batch(event(PAYER, "disk", "1", hour))))).containsExactly("Duplicate");
        endpoint.close();
        endpoint = CommerceEndpoint.start(site, directory, Clock.systemUTC());

        assertThat(get("/").at("/total/billedMoreThanOnce").asInt()).isEqualTo(2);
        assertThat(get("/subscriptions/" + PAYER).at("/events/0/timesBilled").asInt())
                .isEqualTo(2);
        assertThat(billed(PAYER)).isEqualByComparingTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"400", "401", "403", "413", "429", "500", "503"})
    void anHttpStatusIsAnsweredWithoutBilling(String status) throws Exception {
        turn("{\"mode\": \"" + status + "\", \"retryAfter\": \"7\", \"count\": 1}");

        HttpResponse<String> answer = batch(event(PAYER, "disk", "1", hour));

        assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(status));
        assertThat(answer.headers().firstValue("Retry-After")).contains("7");
        assertThat(billed(PAYER)).isZero();
        assertThat(statuses(result(batch(event(PAYER, "disk", "1", hour))))).containsExactly("Accepted");
    }

    @ParameterizedTest
    @CsvSource({"forget, 1", "close, 0", "truncated, 1"})
    void theConnectionEndsBeforeTheAnswer(String mode, int billed) throws Exception {
        turn("{\"mode\": \"" + mode + "\"}");

        assertThatThrownBy(() -> batch(event(PAYER, "disk", "1", hour))).isInstanceOf(IOException.class);

        assertThat(billed(PAYER)).isEqualByComparingTo(BigDecimal.valueOf(billed));
    }

    @ParameterizedTest
    @CsvSource({"garbage, 1", "html, 0"})
    void theAnswerIsNoJson(String mode, int billed) throws Exception {
        turn("{\"mode\": \"" + mode + "\"}");

        HttpResponse<String> answer = batch(event(PAYER, "disk", "1", hour));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> CommerceJson.read(answer.body())).isInstanceOf(IOException.class);
        assertThat(billed(PAYER)).isEqualByComparingTo(BigDecimal.valueOf(billed));
    }

    @Test
    void aSlowAnswerComesLateAndABilledEventIsADuplicateMeanwhile() throws Exception {
        turn("{\"mode\": \"slow\", \"delayMs\": 3600000, \"count\": 1}");
        assertTimesOut(event(PAYER, "disk", "1", hour));
        assertThat(statuses(result(batch(event(PAYER, "disk", "1", hour))))).containsExactly("Duplicate");

        turn("{\"mode\": \"slow\", \"delayMs\": 1}");
        assertThat(statuses(result(batch(event(PAYER, "disk", "1", hour.plusSeconds(3600))))))
                .containsExactly("Accepted");
    }

    @Test
    void aHangingRequestIsNeverBilled() throws Exception {
        turn("{\"mode\": \"hang\", \"count\": 1}");
        assertTimesOut(event(PAYER, "disk", "1", hour));
        assertThat(billed(PAYER)).isZero();

        turn("{\"mode\": \"hang\", \"delayMs\": 1}");
        assertThatThrownBy(() -> batch(event(PAYER, "disk", "1", hour)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void halfOfABatchIsBilledAndAnswered() throws Exception {
        turn("{\"mode\": \"partial\"}");

        JsonNode half =
                result(batch(event(PAYER, "a", "1", hour), event(PAYER, "b", "1", hour), event(PAYER, "c", "1", hour)));

        assertThat(statuses(half)).containsExactly("Accepted");
        assertThat(billed(PAYER)).isEqualByComparingTo("1");
    }

    @Test
    void aWrongEchoWasBilledRightly() throws Exception {
        turn("{\"mode\": \"wrong-echo\"}");

        JsonNode wrong = result(batch(event(PAYER, "disk", "1.5", hour)));

        assertThat(wrong.at("/0/quantity").decimalValue()).isEqualByComparingTo("2.5");
        assertThat(billed(PAYER)).isEqualByComparingTo("1.5");
    }

    @Test
    void aDuplicateOfSomethingElseIsNotBilled() throws Exception {
        turn("{\"mode\": \"duplicate-other\"}");

        JsonNode other = result(batch(event(PAYER, "disk", "1.5", hour)));

        assertThat(statuses(other)).containsExactly("Duplicate");
        assertThat(other.at("/0/quantity").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(other.at("/0/error/additionalInfo/acceptedMessage/quantity").decimalValue())
                .isEqualByComparingTo("2.5");
        assertThat(billed(PAYER)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ResourceNotFound", "ResourceNotAuthorized", "InvalidDimension", "Error", "Expired"})
    void anyStatusForOnePayer(String status) throws Exception {
        turn("{\"mode\": \"status\", \"status\": \"" + status + "\", \"payer\": \"" + PAYER.toUpperCase(Locale.ROOT)
                + "\"}");

        assertThat(statuses(result(batch(event(PAYER, "disk", "1", hour))))).containsExactly(status);
        assertThat(statuses(result(batch(event(OTHER_PAYER, "disk", "1", hour)))))
                .containsExactly("Accepted");
        assertThat(billed(PAYER)).isZero();
        assertThat(get("/switch").path("faults").asInt()).isEqualTo(1);
    }

    @Test
    void theSwitchShowsWhatItSaysAndTakesNoNonsense() throws Exception {
        turn("{\"mode\": \"429\", \"count\": 3, \"delayMs\": 5, \"retryAfter\": \"1\", \"payer\": \"p\"}");
        assertThat(get("/switch").toString())
                .isEqualTo(
                        "{\"mode\":\"429\",\"count\":3,\"delayMs\":5,\"retryAfter\":\"1\",\"payer\":\"p\",\"faults\":0}");

        for (String bad : List.of(
                "{}",
                "[]",
                "{\"mode\": \"oops\"}",
                "{\"mode\": \"200\"}",
                "{\"mode\": \"ok\", \"count\": 0}",
                "{\"mode\": \"slow\", \"delayMs\": -1}",
                "{\"mode\": \"status\"}",
                "{\"mode\": \"status\", \"status\": \"Accepted\"}",
                "{\"mode\": \"ok\", \"delay\": 1}")) {
            assertThat(post("/switch", "", bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(get("/switch").path("mode").asText()).isEqualTo("429");
        assertThat(get("/switch").path("count").asInt()).isEqualTo(3);
    }

    private void assertTimesOut(ObjectNode event) {
        HttpRequest request = request("/api/batchUsageEvent?api-version=2018-08-31", token, batchOf(event))
                .timeout(Duration.ofMillis(500))
                .build();
        assertThatThrownBy(() -> http.send(request, HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
    }

    private static ObjectNode event(String payer, String dimension, String quantity, Instant time) {
        return CommerceJson.object()
                .put("resourceId", payer)
                .put("quantity", new BigDecimal(quantity))
                .put("dimension", dimension)
                .put("effectiveStartTime", time.toString())
                .put("planId", "demo");
    }

    private static String batchOf(ObjectNode... events) {
        ObjectNode body = CommerceJson.object();
        List.of(events).forEach(body.putArray("request")::add);
        return CommerceJson.write(body);
    }

    private HttpResponse<String> batch(ObjectNode... events) throws Exception {
        return post("/api/batchUsageEvent?api-version=2018-08-31", token, batchOf(events));
    }

    private HttpResponse<String> single(ObjectNode event) throws Exception {
        return post("/api/usageEvent?api-version=2018-08-31", token, CommerceJson.write(event));
    }

    private void turn(String order) throws Exception {
        assertThat(post("/switch", "", order).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> post(String path, String bearer, String body) throws Exception {
        return http.send(request(path, bearer, body).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String bearer, String body) {
        return HttpRequest.newBuilder(URI.create(endpoint.url() + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + bearer)
                .header("x-ms-requestid", "request-1")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(endpoint.url() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return CommerceJson.read(answer.body());
    }

    private BigDecimal billed(String payer) throws Exception {
        return get("/subscriptions/" + payer).path("quantity").decimalValue();
    }

    private static JsonNode result(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(200);
        return CommerceJson.read(answer.body()).path("result");
    }

    private static List<String> statuses(JsonNode result) {
        List<String> statuses = new ArrayList<>();
        result.forEach(each -> statuses.add(each.path("status").asText()));
        return statuses;
    }
}
