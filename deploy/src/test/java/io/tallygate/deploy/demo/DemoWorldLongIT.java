package io.tallygate.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.TestApplications;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real demo, started, stopped and started again on one directory; then read as its users would. */
class DemoWorldLongIT {
    @TempDir
    static Path root;

    private static ShutdownOrder shutdown;
    private static JsonNode firstInfo;
    private static List<JsonNode> firstRead;
    private static JsonNode info;
    private static DemoCaller demo;

    @BeforeAll
    static void startTwice() throws Exception {
        start();
        firstInfo = info;
        firstRead = demo.usage(subscription(0), token(0), "Daily");
        shutdown.close();
        start();
    }

    private static void start() throws Exception {
        Path file = root.resolve("out").resolve("info.json");
        DemoDirectory directory = new DemoDirectory(root.resolve("demo"));
        shutdown = new ShutdownOrder();
        new Demo(directory, TestApplications.demoGateway(), Clock.systemUTC(), shutdown).start(0, file, 1);
        info = DemoCaller.parse(Files.readString(file));
        demo = DemoCaller.of(
                new CertificateAuthority(directory, Clock.systemUTC())
                        .serverCertificate()
                        .clientContext(),
                info);
    }

    @AfterAll
    static void stop() throws IOException {
        shutdown.close();
        assertThat(PostmasterProcess.find(root.toRealPath().resolve("demo").resolve("postgres")))
                .isEmpty();
    }

    @Test
    void aSecondStartKeepsTheData() {
        assertThat(info.path("data")).isEqualTo(firstInfo.path("data"));
        assertThat(demo.usage(subscription(0), token(0), "Daily")).isEqualTo(firstRead);
    }

    @Test
    void theInfoIsThatOfThirtyDaysUpToAMidnight() {
        Instant from = Instant.parse(info.at("/data/reportedStartTime").asText());
        Instant to = Instant.parse(info.at("/data/reportedEndTime").asText());
        assertThat(to).isEqualTo(to.truncatedTo(ChronoUnit.DAYS)).isBeforeOrEqualTo(Instant.now());
        assertThat(ChronoUnit.DAYS.between(from, to)).isEqualTo(30);
        for (String field : List.of(
                "/managementUrl",
                "/caFile",
                "/issuer",
                "/operator/tenantId",
                "/operator/subscriptionId",
                "/operator/clientId",
                "/operator/clientSecret",
                "/reporter/token",
                "/tenants/0/clientId",
                "/tenants/0/clientSecret",
                "/tenants/0/customerSubscriptionId",
                "/delegatedProvider/tenantId",
                "/registration/subscriptionId",
                "/registration/resourceGroup",
                "/registration/name")) {
            assertThat(info.at(field).asText()).as(field).isNotEmpty();
        }
        assertThat(info.path("tenants").size()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void everyTenantReadsItsOwnAndTogetherTheyAreWhatTheInfoCounts() {
        long days = 0;
        long hours = 0;
        for (int tenant = 0; tenant < info.path("tenants").size(); tenant++) {
            for (JsonNode each : tenant(tenant).path("subscriptionIds")) {
                List<JsonNode> daily = demo.usage(each.asText(), token(tenant), "Daily");
                List<JsonNode> hourly = demo.usage(each.asText(), token(tenant), "Hourly");
                assertThat(Stream.concat(daily.stream(), hourly.stream()))
                        .allMatch(row -> row.at("/properties/subscriptionId").equals(each));
                assertThat(sums(daily)).isNotEmpty().isEqualTo(sums(hourly));
                days += daily.size();
                hours += hourly.size();
            }
        }
        assertThat(days).isEqualTo(info.at("/data/dailyAggregates").asLong());
        assertThat(hours).isEqualTo(info.at("/data/hourlyAggregates").asLong());
    }

    @Test
    void theFirstSubscriptionHasSeveralPagesOfDays() {
        assertThat(firstRead).hasSizeGreaterThan(3_000);
        assertThat(firstRead.stream().map(row -> row.path("name").asText())).doesNotHaveDuplicates();
    }

    @Test
    void nobodyReadsAnotherTenantsUsage() {
        int tenants = info.path("tenants").size();
        assertThat(IntStream.range(0, tenants).map(i -> demo.status(subscription(i), token((i + 1) % tenants))))
                .containsOnly(403);
        assertThat(demo.status(
                        subscription(0), info.at("/delegatedProvider/token").asText()))
                .isEqualTo(403);
    }

    @Test
    void aPayerThatChangedInMidMonthPaysUpToThatHourAndTheNextOneFromThere() {
        JsonNode adatum = named("Adatum");
        Instant change = Instant.parse(info.at("/data/reportedStartTime").asText())
                .plus(14, ChronoUnit.DAYS)
                .plus(10, ChronoUnit.HOURS);
        String later = adatum.path("customerSubscriptionId").asText();
        List<Instant> earlierHours = hours(routed(later.replaceFirst("31$", "30")));
        List<Instant> laterHours = hours(routed(later));
        assertThat(earlierHours).isNotEmpty().allMatch(hour -> hour.isBefore(change));
        assertThat(laterHours).isNotEmpty().noneMatch(hour -> hour.isBefore(change));
        List<Instant> all = new ArrayList<>(earlierHours);
        all.addAll(laterHours);
        List<String> chargeable = chargeableMeters();
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        hours(demo.usage(adatum.at("/subscriptionIds/0").asText(), token(adatum), "Hourly").stream()
                                .filter(row -> chargeable.contains(
                                        row.at("/properties/meterId").asText()))
                                .toList()));
    }

    @Test
    void usageOfATenantWithoutAMappingIsOnTheBaseSubscriptionAndCountedAsThat() {
        JsonNode unmapped = StreamSupport.stream(info.path("tenants").spliterator(), false)
                .filter(tenant -> tenant.path("customerSubscriptionId").isNull())
                .findFirst()
                .orElseThrow();
        List<JsonNode> base = routed(info.at("/registration/subscriptionId").asText());
        assertThat(base)
                .isNotEmpty()
                .allMatch(row -> row.at("/properties/instanceData")
                        .asText()
                        .contains(unmapped.at("/subscriptionIds/0").asText()));
        JsonNode reconciliation = reconciliation();
        assertThat(reconciliation.path("balanced").asBoolean()).isTrue();
        assertThat(reconciliation.at("/totals/base/count").asInt()).isEqualTo(base.size());
        assertThat(reconciliation.at("/totals/accepted/count").asLong())
                .isEqualTo(info.at("/data/hourlyAggregates").asLong())
                .isEqualTo(Stream.of("mapped", "base", "notChargeable")
                        .mapToLong(part ->
                                reconciliation.at("/totals/" + part + "/count").asLong())
                        .sum());
    }

    @Test
    void aDeletedSubscriptionsUsageIsStillRead() {
        JsonNode woodgrove = named("Woodgrove");
        String deleted = woodgrove.at("/subscriptionIds/1").asText();
        JsonNode directory = demo.json(
                "/subscriptions/" + operatorSubscription() + "/providers/Microsoft.Subscriptions.Admin/subscriptions/"
                        + deleted + "?api-version=2015-11-01",
                operator());
        assertThat(directory.path("state").asText()).isEqualTo("Deleted");
        assertThat(demo.usage(deleted, token(woodgrove), "Daily")).isNotEmpty();
    }

    @Test
    void theDelegatedProviderReadsItsDirectTenantsAndTheOperatorEverybody() {
        JsonNode provider = info.path("delegatedProvider");
        assertThat(subscribers(
                        provider.path("subscriptionId").asText(),
                        provider.path("token").asText()))
                .containsExactlyInAnyOrderElementsOf(StreamSupport.stream(
                                provider.path("directTenantSubscriptionIds").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
        assertThat(subscribers(operatorSubscription(), operator())).hasSizeGreaterThanOrEqualTo(9);
    }

    private static List<String> subscribers(String subscription, String token) {
        return demo.subscribersUsage(subscription, token, "Daily").stream()
                .map(row -> row.at("/properties/subscriptionId").asText())
                .distinct()
                .toList();
    }

    private static Map<String, BigDecimal> sums(List<JsonNode> rows) {
        Map<String, BigDecimal> sums = new HashMap<>();
        for (JsonNode row : rows) {
            JsonNode properties = row.path("properties");
            String day = properties.path("usageStartTime").asText().substring(0, 10);
            sums.merge(
                    day
                            + properties.path("meterId").asText()
                            + properties.path("instanceData").asText(),
                    properties.path("quantity").decimalValue(),
                    BigDecimal::add);
        }
        sums.replaceAll((key, sum) -> sum.stripTrailingZeros());
        return sums;
    }

    private static List<Instant> hours(List<JsonNode> rows) {
        return rows.stream()
                .map(row -> OffsetDateTime.parse(
                                row.at("/properties/usageStartTime").asText())
                        .toInstant())
                .toList();
    }

    private static List<String> chargeableMeters() {
        return StreamSupport.stream(
                        demo.json("/meters", operator()).path("value").spliterator(), false)
                .filter(meter -> meter.path("chargeable").asBoolean())
                .map(meter -> meter.path("meterId").asText())
                .toList();
    }

    private static List<JsonNode> routed(String payer) {
        return demo.usage(payer, operator(), "Hourly");
    }

    @Test
    void everythingRoutedIsDeliveredAndTheEndpointBilledExactlyThat() {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(
                                reconciliation().at("/totals/pending/count").asLong())
                        .isZero());
        Map<String, BigDecimal> delivered = new TreeMap<>();
        for (JsonNode row : reconciliation("payer").path("rows")) {
            if (row.has("payerSubscriptionId")) {
                delivered.put(
                        row.path("payerSubscriptionId").asText(),
                        row.at("/delivered/quantity").decimalValue().stripTrailingZeros());
            }
        }
        JsonNode book = demo.json(info.path("commerceUrl").asText() + "/", operator());
        Map<String, BigDecimal> billed = new TreeMap<>();
        for (JsonNode subscription : book.path("subscriptions")) {
            billed.put(
                    subscription.path("resourceId").asText(),
                    subscription.path("quantity").decimalValue().stripTrailingZeros());
        }
        assertThat(billed).hasSizeGreaterThan(5).isEqualTo(delivered);
        assertThat(book.at("/total/billedMoreThanOnce").asInt()).isZero();
        assertThat(demo.json("/endpoints", operator()).at("/value/0/breaker").asText())
                .isEqualTo("closed");
    }

    private static JsonNode reconciliation() {
        return reconciliation("day");
    }

    private static JsonNode reconciliation(String groupBy) {
        return demo.json(
                "/reconciliation?from=" + info.at("/data/reportedStartTime").asText() + "&to="
                        + info.at("/data/reportedEndTime").asText() + "&groupBy=" + groupBy,
                operator());
    }

    private static JsonNode named(String name) {
        return StreamSupport.stream(info.path("tenants").spliterator(), false)
                .filter(tenant -> tenant.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode tenant(int index) {
        return info.path("tenants").path(index);
    }

    private static String subscription(int tenant) {
        return tenant(tenant).at("/subscriptionIds/0").asText();
    }

    private static String token(int tenant) {
        return token(tenant(tenant));
    }

    private static String token(JsonNode tenant) {
        return tenant.path("token").asText();
    }

    private static String operator() {
        return info.at("/operator/token").asText();
    }

    private static String operatorSubscription() {
        return info.at("/operator/subscriptionId").asText();
    }
}
