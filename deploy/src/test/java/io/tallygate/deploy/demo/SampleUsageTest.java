package io.tallygate.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleUsageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SampleWorld WORLD = new SampleWorld();
    private static final SamplePeriod PERIOD = SamplePeriod.before(Instant.parse("2026-11-21T09:59:00Z"));
    private static final SampleUsage USAGE = new SampleUsage(WORLD, PERIOD, 1);

    @Test
    void thirtyDaysThatEndAtTheLastMidnight() {
        assertThat(PERIOD)
                .isEqualTo(
                        new SamplePeriod(Instant.parse("2026-10-22T00:00:00Z"), Instant.parse("2026-11-21T00:00:00Z")));
        assertThat(SamplePeriod.before(PERIOD.to())).isEqualTo(PERIOD);
    }

    @Test
    void sizeOfTheWorld() {
        assertThat(USAGE.records()).isBetween(150_000L, 200_000L);
        assertThat(IntStream.range(0, 30).mapToLong(USAGE::records).sum()).isEqualTo(USAGE.records());
        assertThat(USAGE.day(3)).hasSize((int) USAGE.records(3));
        assertThat(new SampleUsage(WORLD, PERIOD, 2).records()).isEqualTo(2 * USAGE.records());
    }

    @Test
    void firstSubscriptionHasMoreThanThreePagesOfDaysAndTheOthersHaveLess() {
        Map<Object, Long> rows = USAGE.series().stream()
                .collect(Collectors.groupingBy(SampleSeries::subscription, Collectors.summingLong(USAGE::daysOf)));
        Object first = WORLD.tenants().get(0).subscriptions().get(0).id();

        assertThat(rows.remove(first)).isGreaterThan(3_000);
        assertThat(rows.values()).allSatisfy(each -> assertThat(each).isBetween(100L, 2_000L));
    }

    @Test
    void sameRecordsAtEveryStart() {
        SampleUsage again = new SampleUsage(new SampleWorld(), PERIOD, 1);

        for (int day : List.of(0, 9, 29)) {
            assertThat(again.day(day)).containsExactlyElementsOf(USAGE.day(day).toList());
        }
    }

    /** The noise must not depend on the platform: a record that changed would be a conflict after an upgrade. */
    @Test
    void oneRecordForEver() {
        assertThat(USAGE.day(0)
                        .filter(line -> line.contains("storageaccounts"))
                        .skip(4)
                        .findFirst())
                .contains("{\"specversion\":\"1.0\",\"type\":\"io.tallygate.usage.v1\","
                        + "\"source\":\"/demo/Microsoft.Storage\",\"id\":\"contoso-production/97/2026-10-22T00\","
                        + "\"subject\":\"50000000-0000-4000-8000-000000000010\",\"data\":{"
                        + "\"meterId\":\"43DAF82B-4618-444A-B994-40C23F7CD438\","
                        + "\"resourceUri\":\"/subscriptions/50000000-0000-4000-8000-000000000010/resourceGroups/"
                        + "rg-data-prod/providers/Microsoft.Storage/storageaccounts/st01\",\"location\":\"local\","
                        + "\"tags\":{\"department\":\"Retail\",\"costCenter\":\"CC-6804\",\"environment\":\"prod\"},"
                        + "\"quantity\":6.14245,\"usageStartTime\":\"2026-10-22T00:00:00Z\","
                        + "\"usageEndTime\":\"2026-10-22T01:00:00Z\"}}");
    }

    @Test
    void everyRecordIsOneHourOfItsDayAndHasAnIdentityOfItsOwn() throws Exception {
        Set<String> identities = new HashSet<>();
        for (String line : USAGE.day(7).toList()) {
            JsonNode event = JSON.readTree(line);
            JsonNode data = event.path("data");
            Instant start = Instant.parse(data.path("usageStartTime").asText());
            Instant end = Instant.parse(data.path("usageEndTime").asText());

            assertThat(start).isBetween(PERIOD.day(7), PERIOD.day(8).minusSeconds(3600));
            assertThat(start.getEpochSecond() % 3600).isZero();
            assertThat(Duration.between(start, end)).isEqualTo(Duration.ofHours(1));
            assertThat(data.path("resourceUri").asText())
                    .startsWith("/subscriptions/" + event.path("subject").asText() + "/resourceGroups/");
            assertThat(identities.add(event.path("source").asText() + " "
                            + event.path("id").asText()))
                    .isTrue();
        }
    }

    @Test
    void quantitiesArePositiveDecimalsOfWhichManyHaveSeveralPlaces() throws Exception {
        long fractions = 0;
        List<String> lines = USAGE.day(1).toList();
        for (String line : lines) {
            String text = line.replaceAll(".*\"quantity\":([^,]+),.*", "$1");
            assertThat(text).matches("\\d+(\\.\\d{1,12})?");
            BigDecimal quantity = new BigDecimal(text);
            assertThat(quantity.signum()).isPositive();
            fractions += quantity.scale() >= 3 ? 1 : 0;
        }
        assertThat(fractions).isGreaterThan(lines.size() / 3);
    }

    /** That the catalogue knows them shows when the demo loads: an unknown meter would be quarantined. */
    @Test
    void everyMeterOfTheListIsUsed() {
        Set<String> listed = Arrays.stream(SampleMeters.class.getDeclaredFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == String.class)
                .map(SampleUsageTest::value)
                .collect(Collectors.toSet());

        assertThat(USAGE.series().stream().map(SampleSeries::meter).collect(Collectors.toSet()))
                .isEqualTo(listed);
        assertThat(listed)
                .allSatisfy(id ->
                        assertThat(id).matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9A-F]{32}"));
    }

    /** Otherwise two records would fall into one aggregate, and the counts would be wrong. */
    @Test
    void noTwoSeriesShareMeterAndInstance() {
        Map<List<Object>, SampleSeries> seen = new HashMap<>();
        for (SampleSeries each : USAGE.series()) {
            assertThat(seen.put(List.of(each.subscription(), each.meter(), each.resource()), each))
                    .isNull();
        }
    }

    @Test
    void nightsAndWeekendsAreQuiet() {
        SampleSeries site = USAGE.series().stream()
                .filter(each -> each.meter().equals(SampleMeters.APP_SERVICE_EGRESS))
                .findFirst()
                .orElseThrow();
        // 2026-10-22 is a Thursday: hour 14 of day 0, hour 3 of day 0, hour 14 of day 2.
        BigDecimal thursday = site.quantity(SampleHour.at(PERIOD, 14));

        assertThat(site.quantity(SampleHour.at(PERIOD, 3))).isLessThan(thursday);
        assertThat(site.quantity(SampleHour.at(PERIOD, 48 + 14))).isLessThan(thursday);
    }

    @Test
    void deletedSubscriptionReportsNothingInTheEnd() {
        SampleSubscription deleted = WORLD.tenants().stream()
                .flatMap(tenant -> tenant.subscriptions().stream())
                .filter(SampleSubscription::deleted)
                .findFirst()
                .orElseThrow();

        assertThat(USAGE.day(19)).anyMatch(line -> line.contains(deleted.id().toString()));
        assertThat(USAGE.day(20)).noneMatch(line -> line.contains(deleted.id().toString()));
    }

    private static String value(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
