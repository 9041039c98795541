package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.RawCaller;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the usage routes take and answer: parameters, times, rows, errors. Paging is in {@code PagingIT}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsageQueryIT {
    private static final String VERSION = "api-version=2015-06-01-preview";
    private static final String BIG = "99999999999999999999999.999999999999999";

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    private final Instant dayBefore = today.minus(2, ChronoUnit.DAYS);
    private final Instant yesterday = today.minus(1, ChronoUnit.DAYS);
    private TestGateway gateway;
    private TestWorld world;
    private SubscriptionId subscription;
    private SubscriptionId deleted;
    private SubscriptionId provider;
    private SubscriptionId directTenants;
    private HttpCaller caller;
    private HttpCaller operator;
    private RawCaller raw;

    @BeforeAll
    void loadUsage() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        world = new TestWorld(gateway);
        world.registration(UUID.randomUUID(), "north");
        subscription = world.subscription(tenant);
        deleted = world.subscription(tenant);
        provider = world.subscription(tenant);
        directTenants = world.subscription(
                new TenantId(UUID.randomUUID()), ",\"delegatedProviderSubscriptionId\":\"" + provider + "\"");
        Instant hour = dayBefore.plus(5, ChronoUnit.HOURS);
        String lines = event("small", hour)
                        .raw("data.quantity", "0.000000000000001")
                        .line()
                + event("big", hour).raw("data.quantity", BIG).line()
                + event("correction", hour).raw("data.quantity", "-7.250").line()
                + event("exponent", hour).raw("data.quantity", "1.5E+3").line()
                + event("ip", hour)
                        .text("data.meterId", TestWorld.STATIC_IP.toLowerCase(java.util.Locale.ROOT))
                        .line()
                + event("bare", hour)
                        .raw("data.tags", "{\"b\":\"\\\"ü\\u2028\",\"a\":\"1\"}")
                        .raw("data.additionalInfo", "{\"z\":1.50,\"k\":[true,null]}")
                        .line()
                + event("later", hour.plus(1, ChronoUnit.HOURS)).line()
                + TestEvent.of("of-deleted", deleted, hour).line()
                + TestEvent.of("of-direct", directTenants, hour).line()
                + event("of-yesterday", yesterday).line();
        assertThat(world.post(lines, true).path("Accepted").asInt()).isEqualTo(10);
        gateway.startBackgroundWork();
        world.sealThrough(today);
        world.put(deleted, tenant, ",\"state\":\"Deleted\"");
        caller = HttpCaller.of(gateway, tenant, Role.USAGE_READ);
        operator = HttpCaller.operator(gateway);
        raw = new RawCaller(gateway, TestIdentity.get().token(tenant, Role.USAGE_READ));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private TestEvent event(String id, Instant hour) {
        return TestEvent.of(id, subscription, hour);
    }

    private String path() {
        return "/subscriptions/" + subscription + "/providers/Microsoft.Commerce/UsageAggregates?" + VERSION;
    }

    private String adminPath(SubscriptionId of) {
        return "/subscriptions/" + of + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates?" + VERSION
                + window(dayBefore, today);
    }

    private static String window(Object start, Object end) {
        return "&reportedStartTime=" + start + "&reportedEndTime=" + end;
    }

    private String daily() {
        return path() + window(dayBefore, today);
    }

    private static void assertRefused(Answer answer, int status, String code, String inMessage) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.errorCode()).isEqualTo(code);
        assertThat(answer.json().at("/error/message").asText()).contains(inMessage);
        assertThat(answer.response().headers().firstValue("content-type")).contains("application/json; charset=utf-8");
        assertThat(answer.response().headers().firstValue("x-ms-request-id")).isPresent();
    }

    private static List<String> resources(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<String> names = new ArrayList<>();
        answer.json().path("value").forEach(row -> {
            String data = row.at("/properties/instanceData").asText();
            names.add(data.replaceAll("(?s).*vm-([a-z-]+)\".*", "$1"));
        });
        return names;
    }

    @Test
    void aDayHasARowPerInstanceAndUsageDay() {
        assertThat(resources(caller.get(daily())))
                .containsExactlyInAnyOrder(
                        "small", "big", "correction", "exponent", "ip", "bare", "later", "of-yesterday");
        assertThat(resources(caller.get(path() + window(yesterday, today)))).containsExactly("of-yesterday");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hourly", "hourly", "HOURLY"})
    void anHourIsReadByItself(String granularity) {
        Instant hour = dayBefore.plus(6, ChronoUnit.HOURS);
        Answer answer = caller.get(
                path() + "&aggregationGranularity=" + granularity + window(hour, hour.plus(1, ChronoUnit.HOURS)));
        assertThat(resources(answer)).containsExactly("later");
        JsonNode properties = answer.json().at("/value/0/properties");
        assertThat(properties.path("usageStartTime").asText())
                .isEqualTo(hour.toString().replace("Z", "+00:00"));
        assertThat(properties.path("usageEndTime").asText())
                .isEqualTo(hour.plus(1, ChronoUnit.HOURS).toString().replace("Z", "+00:00"));
    }

    @Test
    void pathsAndNamesAreTakenInAnyCase() {
        String path = "/SUBSCRIPTIONS/" + subscription.toString().toUpperCase(java.util.Locale.ROOT)
                + "/Providers/microsoft.COMMERCE/usageaggregates?API-Version=2015-06-01-PREVIEW&ReportedStartTIME="
                + dayBefore + "&REPORTEDENDTIME=" + today + "&AGGREGATIONgranularity=daily&SHOWDETAILS=false";
        assertThat(caller.get(path).body()).isEqualTo(caller.get(daily()).body());
    }

    @Test
    void aParameterGivenTwiceMustSayTheSame() {
        assertThat(caller.get(daily() + "&" + VERSION + "&ReportedStartTime=" + dayBefore)
                        .status())
                .isEqualTo(200);
        assertRefused(caller.get(daily() + "&reportedStartTime=" + yesterday), 400, "InvalidProperty", "given twice");
        assertRefused(caller.get(daily() + "&Api-Version=2015-11-01"), 400, "InvalidProperty", "given twice");
    }

    @Test
    void aTimeIsTakenHoweverItIsWritten() {
        String expected = caller.get(daily()).body();
        String day = LocalDate.ofInstant(dayBefore, ZoneOffset.UTC).toString();
        String dayEarlier = LocalDate.parse(day).minusDays(1).toString();
        for (String start : List.of(
                day,
                day + "T00:00",
                day + "T00:00:00",
                day + "T00:00:00Z",
                day + "t00:00:00z",
                day + "T00:00:00.0Z",
                day + "T00:00:00.0000000Z",
                day + "T00:00:00.000000000",
                day + "T00:00:00.0000000%2B00:00",
                day + "T00%3A00%3a00Z",
                day + "T00%3a00%3a00%2b00%3a00",
                day + "T00:00:00%2B00:00Z",
                day + "T00:00:00%2b00%3a00Z",
                day + "T00:00:00+00:00Z",
                day + "T00:00:00+00:00",
                day + "T02:00:00%2B02:00",
                day + "T02:00:00+02:00",
                day + "T05:30:00+05:30",
                dayEarlier + "T20:00:00-04:00",
                dayEarlier + "T20%3a00%3a00-04%3A00")) {
            Answer answer = caller.get(path() + window(start, today));
            assertThat(answer.status()).as(start + ": " + answer.body()).isEqualTo(200);
            assertThat(answer.body()).as(start).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "",
                "2026-13-01",
                "2026-02-30",
                "20261101",
                "1763683200",
                "2026-11-20T24:00:00Z",
                "2026-11-20T00:00:60Z",
                "2026-11-20T00:00:00.0000000000Z",
                "2026-11-20T00:00:00EST",
                "2026-11-20T00:00:00%2B2",
                "2026-11-20T00:00:00%2B25:00",
                "12026-11-20",
                "-2026-11-20",
                "%00",
                "0000-00-00"
            })
    void whatIsNoTimeIsNamed(String start) {
        assertRefused(caller.get(path() + window(start, today)), 400, "InvalidProperty", "`reportedStartTime`");
        assertRefused(caller.get(path() + window(dayBefore, start)), 400, "InvalidProperty", "`reportedEndTime`");
    }

    @ParameterizedTest
    @CsvSource({
        "Daily,T01:00:00Z",
        "Daily,T00:00:00.000000001Z",
        "Daily,T00:00:00-04:00",
        "Hourly,T00:30:00Z",
        "Hourly,T00:00:00.5Z",
        "Hourly,T05:00:00%2B05:30"
    })
    void nothingIsRounded(String granularity, String time) {
        String day = LocalDate.ofInstant(dayBefore, ZoneOffset.UTC).toString();
        assertRefused(
                caller.get(path() + "&aggregationGranularity=" + granularity + window(day + time, today)),
                400,
                "InvalidProperty",
                "`reportedStartTime` must be");
    }

    @Test
    void anHourOfAnOddOffsetIsAnHourToo() {
        String day = LocalDate.ofInstant(dayBefore, ZoneOffset.UTC).toString();
        Answer answer = caller.get(
                path() + "&aggregationGranularity=Hourly" + window(day + "T11:30:00%2B05:30", day + "T07:00:00Z"));
        assertThat(resources(answer)).containsExactly("later");
    }

    @Test
    void anEmptyOrBackwardRangeIsRefused() {
        assertRefused(caller.get(path() + window(today, today)), 400, "InvalidProperty", "must be before");
        assertRefused(caller.get(path() + window(today, dayBefore)), 400, "InvalidProperty", "must be before");
    }

    @Test
    void missingParametersAreNamed() {
        assertRefused(
                caller.get(path() + "&reportedEndTime=" + today),
                400,
                "InvalidProperty",
                "`reportedStartTime` is missing");
        assertRefused(
                caller.get(path() + "&reportedStartTime=" + today),
                400,
                "InvalidProperty",
                "`reportedEndTime` is missing");
    }

    @Test
    void theApiVersionIsAskedForAndChecked() {
        String without = daily().replace(VERSION + "&", "");
        assertRefused(caller.get(without), 400, "NoApiVersion", "2015-06-01-preview");
        assertRefused(caller.get(without + "&api-version="), 400, "NoApiVersion", "2015-06-01-preview");
        assertRefused(
                caller.get(without + "&api-version=2016-01-01"),
                400,
                "InvalidApiVersionParameter",
                "2015-06-01-preview");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Monthly", "0", "Daily,Hourly"})
    void anotherGranularityIsRefused(String granularity) {
        assertRefused(
                caller.get(daily() + "&aggregationGranularity=" + granularity),
                400,
                "InvalidAggregationGranularity",
                "Daily or Hourly");
    }

    @Test
    void theFutureIsRefusedAndSaysHowFarUsageIsThere() {
        Instant tomorrow = today.plus(1, ChronoUnit.DAYS);
        assertRefused(
                caller.get(path() + window(dayBefore, tomorrow)), 400, "RequestEndTimeIsInFuture", today.toString());
        Instant ahead = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(3, ChronoUnit.HOURS);
        assertRefused(
                caller.get(path() + "&aggregationGranularity=Hourly" + window(dayBefore, ahead)),
                400,
                "RequestEndTimeIsInFuture",
                "`reportedEndTime`");
    }

    @Test
    void aRangeBeforeTheFirstRecordIsEmptyNotAnError() {
        Answer answer = caller.get(path() + window("2020-01-01", "2020-01-02"));
        assertThat(answer.body()).isEqualTo("{\"value\":[]}");
    }

    @Test
    void aPathWithoutASubscriptionIsNamed() {
        for (String path : List.of(
                "/subscriptions/providers/Microsoft.Commerce/UsageAggregates",
                "/subscriptions//providers/Microsoft.Commerce/UsageAggregates",
                "/subscriptions/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates",
                "/subscriptions//providers/Microsoft.Commerce.Admin/subscriberUsageAggregates",
                "/subscriptions//providers/Microsoft.Commerce/subscriberUsageAggregates",
                "/subscriptions/providers/Microsoft.Commerce/subscriberUsageAggregates")) {
            assertRefused(
                    caller.get(path + "?" + VERSION + window(dayBefore, today)),
                    400,
                    "SubscriptionIdMissingInRequest",
                    "no subscription id");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1-1-1-1-1", "not-a-uuid", "%00", "{00000000-0000-4000-8000-000000000000}"})
    void aSubscriptionIdThatIsNoUuidIsNamed(String id) {
        RawCaller.Answer answer = raw.send(
                "GET",
                "/subscriptions/" + id + "/providers/Microsoft.Commerce/UsageAggregates?" + VERSION
                        + window(dayBefore, today));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"InvalidProperty\"", "`subscriptionId`");
    }

    @Test
    void foreignAndUnknownLookTheSame() {
        HttpCaller stranger = HttpCaller.of(gateway, new TenantId(UUID.randomUUID()), Role.USAGE_READ);
        Answer foreign = stranger.get(daily());
        Answer unknown = stranger.get(
                daily().replace(subscription.toString(), UUID.randomUUID().toString()));
        assertRefused(foreign, 403, "AuthorizationFailed", "does not exist");
        assertThat(unknown.body()).isEqualTo(foreign.body());
        assertThat(unknown.status()).isEqualTo(403);
    }

    @Test
    void aRowHasTheShapeThatClientsRead() {
        JsonNode row = rowOf("bare");
        String name = row.path("name").asText();
        assertThat(row.path("id").asText())
                .isEqualTo("/subscriptions/" + subscription + "/providers/Microsoft.Commerce/UsageAggregate/" + name);
        assertThat(row.path("type").asText()).isEqualTo("Microsoft.Commerce/UsageAggregate");
        JsonNode properties = row.path("properties");
        assertThat(properties.path("subscriptionId").asText())
                .isEqualTo(subscription.toString())
                .hasSize(36);
        assertThat(properties.path("usageStartTime").asText())
                .isEqualTo(dayBefore.toString().replace("Z", "+00:00"));
        assertThat(properties.path("usageEndTime").asText())
                .isEqualTo(yesterday.toString().replace("Z", "+00:00"));
        assertThat(properties.path("meterId").asText()).isEqualTo(TestWorld.CORE_HOURS);
        assertThat(properties.path("meterName").asText()).isNotEmpty();
        assertThat(properties.path("unit").asText()).isNotEmpty();
        assertThat(properties.path("instanceData").isTextual()).isTrue();
        assertThat(properties.path("instanceData").asText())
                .isEqualTo("{\"Microsoft.Resources\":{\"resourceUri\":\"" + TestEvent.resource(subscription, "bare")
                        + "\",\"location\":\"local\",\"tags\":{\"a\":\"1\",\"b\":\"\\\"ü\u2028\"},"
                        + "\"additionalInfo\":{\"k\":[true,null],\"z\":1.5}}}");
    }

    @Test
    void theMeterIdIsThatOfTheCatalogue() {
        assertThat(rowOf("ip").at("/properties/meterId").asText()).isEqualTo(TestWorld.STATIC_IP);
    }

    @Test
    void quantitiesAreExactAndPlain() {
        String body = caller.get(daily()).body();
        assertThat(body)
                .contains(
                        "\"quantity\":0.000000000000001,",
                        "\"quantity\":" + BIG + ",",
                        "\"quantity\":-7.25,",
                        "\"quantity\":1500,",
                        "\"quantity\":1,");
        assertThat(rowOf("big").at("/properties/quantity").decimalValue()).isEqualTo(new BigDecimal(BIG));
    }

    private JsonNode rowOf(String name) {
        for (JsonNode row : caller.get(daily()).json().path("value")) {
            if (row.at("/properties/instanceData").asText().contains("/vm-" + name + "\"")) {
                return row;
            }
        }
        throw new AssertionError("No row of " + name);
    }

    @Test
    void aDeletedSubscriptionIsStillRead() {
        assertThat(resources(caller.get(daily().replace(subscription.toString(), deleted.toString()))))
                .containsExactly("of-deleted");
        assertThat(resources(operator.get(adminPath(TestGateway.OPERATOR_SUBSCRIPTION) + "&subscriberId=" + deleted)))
                .containsExactly("of-deleted");
    }

    @Test
    void theAdminRouteHasTwoNamesAndItsOwnType() {
        String path = adminPath(TestGateway.OPERATOR_SUBSCRIPTION);
        Answer answer = operator.get(path);
        assertThat(resources(answer)).hasSize(10).contains("of-deleted", "of-direct", "small");
        JsonNode row = answer.json().at("/value/0");
        assertThat(row.path("type").asText()).isEqualTo("Microsoft.Commerce.Admin/UsageAggregate");
        assertThat(row.path("id").asText()).contains("/providers/Microsoft.Commerce.Admin/UsageAggregate/");
        assertThat(operator.get(path.replace("Commerce.Admin", "Commerce")).body())
                .isEqualTo(answer.body());
    }

    @Test
    void aSubscriberIsASubscriptionNotATenant() {
        String path = adminPath(TestGateway.OPERATOR_SUBSCRIPTION);
        assertThat(resources(operator.get(path + "&SubscriberID=" + directTenants)))
                .containsExactly("of-direct");
        assertRefused(
                operator.get(path + "&subscriberId=" + tenant), 400, "SubscriberIdIsNotDirectTenant", "`subscriberId`");
        assertRefused(operator.get(path + "&subscriberId=7"), 400, "InvalidProperty", "`subscriberId`");
    }

    @Test
    void aDelegatedProviderReadsItsDirectTenantsAlone() {
        String path = adminPath(provider);
        assertThat(resources(caller.get(path))).containsExactly("of-direct");
        assertThat(resources(caller.get(path + "&subscriberId=" + directTenants)))
                .containsExactly("of-direct");
        assertRefused(
                caller.get(path + "&subscriberId=" + subscription),
                400,
                "SubscriberIdIsNotDirectTenant",
                "`subscriberId`");
        assertRefused(
                caller.get(path + "&subscriberId=" + UUID.randomUUID()),
                400,
                "SubscriberIdIsNotDirectTenant",
                "`subscriberId`");
        assertRefused(caller.get(adminPath(subscription)), 403, "AuthorizationFailed", "does not exist");
        assertRefused(caller.get(adminPath(TestGateway.OPERATOR_SUBSCRIPTION)), 403, "AuthorizationFailed", "");
    }

    @Test
    void anAnswerIsZippedWhenAsked() {
        RawCaller.Answer plain = raw.send("GET", daily());
        RawCaller.Answer zipped = raw.send("GET", daily(), "Accept-Encoding: gzip, deflate");
        assertThat(plain.header("Content-Encoding")).isEmpty();
        assertThat(zipped.header("Content-Encoding")).contains("gzip");
        assertThat(zipped.unzipped()).isEqualTo(plain.body());
        assertThat(zipped.header("Content-Type")).contains("application/json; charset=utf-8");
    }

    @Test
    void aGetMayCarryAContentTypeWithoutABody() {
        assertThat(raw.send("GET", daily(), "Content-Type: application/json", "Content-Length: 0")
                        .status())
                .isEqualTo(200);
        assertThat(caller.send("GET", daily(), "application/json; charset=utf-8", null)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theClientsIdsComeBackAndEachRequestHasOne() {
        RawCaller.Answer answer =
                raw.send("GET", daily(), "X-MS-Client-Request-Id: mine-7", "x-ms-correlation-request-id: chain-8");
        assertThat(answer.header("x-ms-client-request-id")).contains("mine-7");
        assertThat(answer.header("x-ms-correlation-request-id")).contains("chain-8");
        assertThat(answer.header("x-ms-request-id"))
                .isNotEqualTo(raw.send("GET", daily()).header("x-ms-request-id"));
        RawCaller.Answer error = raw.send("GET", "/nowhere", "x-ms-client-request-id: mine-9");
        assertThat(error.header("x-ms-client-request-id")).contains("mine-9");
        assertThat(error.header("x-ms-request-id")).isPresent();
        RawCaller.Answer unfit = raw.send("GET", "/nowhere", "x-ms-client-request-id: " + "x".repeat(129));
        assertThat(unfit.header("x-ms-client-request-id")).isEmpty();
    }

    @Test
    void withoutATokenTheChallengeIsGiven() {
        Answer none = HttpCaller.anonymous(gateway).get(daily());
        assertRefused(none, 401, "AuthenticationFailed", "Authorization");
        assertThat(none.response().headers().firstValue("www-authenticate")).contains("Bearer realm=\"tallygate\"");
        RawCaller.Answer bad = new RawCaller(gateway, "a.b.c").send("GET", daily(), "X-Requested-With: XMLHttpRequest");
        assertThat(bad.status()).isEqualTo(401);
        assertThat(bad.header("WWW-Authenticate")).contains("Bearer realm=\"tallygate\", error=\"invalid_token\"");
        assertThat(bad.body()).contains("\"InvalidAuthenticationToken\"");
    }

    @Test
    void unknownRoutesAndMethodsAreErrorsAsJson() {
        assertRefused(caller.get("/nowhere"), 404, "ResourceNotFound", "no such route");
        assertRefused(caller.get("/"), 404, "ResourceNotFound", "no such route");
        assertRefused(caller.put(daily(), "{}"), 405, "MethodNotAllowed", "`PUT`");
        Answer deleteIt = caller.delete(daily());
        assertRefused(deleteIt, 405, "MethodNotAllowed", "`DELETE`");
        assertThat(deleteIt.response().headers().firstValue("allow")).contains("GET, HEAD");
        Answer registration = operator.post(
                "/subscriptions/" + UUID.randomUUID()
                        + "/resourceGroups/rg/providers/Microsoft.AzureStack/registrations/x",
                "application/json",
                "{}");
        assertRefused(registration, 405, "MethodNotAllowed", "`POST`");
        assertThat(registration.response().headers().firstValue("allow")).contains("GET, PUT, PATCH, DELETE");
    }

    @Test
    void headAndOptionsRevealNothing() {
        RawCaller anonymous = new RawCaller(gateway, null);
        for (String method : List.of("HEAD", "OPTIONS", "TRACE")) {
            assertThat(anonymous.send(method, daily()).status()).as(method).isIn(401, 405);
            RawCaller.Answer own = raw.send(method, daily());
            assertThat(own.status()).as(method).isIn(200, 405);
            assertThat(own.body()).as(method).doesNotContain("quantity");
            assertThat(own.header("x-ms-request-id")).as(method).isPresent();
        }
        RawCaller.Answer preflight = anonymous.send(
                "OPTIONS", daily(), "Origin: https://elsewhere", "Access-Control-Request-Headers: authorization");
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void aRequestLineThatIsTooLongIsAnErrorAsJson() {
        RawCaller.Answer answer = raw.send("GET", daily() + "&x=" + "y".repeat(20_000));
        assertThat(answer.status()).isEqualTo(414);
        assertThat(answer.body()).contains("\"RequestUriTooLong\"");
    }

    @Test
    void whatIsNoHttpIsAnErrorAsJson() {
        RawCaller.Answer answer = raw.exchange("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("\"InvalidProperty\"");
        assertThat(answer.header("x-ms-request-id")).isPresent();
    }

    @Test
    void headersThatAreTooLargeAreAnErrorAsJson() {
        RawCaller.Answer answer = raw.send("GET", daily(), "X-Large: " + "y".repeat(40_000));
        assertThat(answer.status()).isEqualTo(431);
        assertThat(answer.body()).contains("\"RequestHeaderFieldsTooLarge\"");
    }
}
