package io.tallygate.gateway.collect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.routing.outbound.AnswerJson;
import io.tallygate.store.usage.CanonicalJson;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.RecordError;
import io.tallygate.store.usage.UsageRecord;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a source's rows become: records whose identity is what the source said, and nothing by chance. */
class WindowRecordsTest {
    private static final UsageWindow WINDOW = window("2026-11-20T12:00:00Z");
    private static final String SOME_INFO = "{\"size\":1.10}";

    private static UsageWindow window(String from) {
        return new UsageWindow(Instant.parse(from), Instant.parse(from).plusSeconds(3600));
    }

    private static UsageRecordParser parser(String now) {
        return new UsageRecordParser(Clock.fixed(Instant.parse(now), ZoneOffset.UTC), Duration.ofDays(365));
    }

    private static WindowRecords pull() {
        return new WindowRecords("stamp", WINDOW, parser("2026-11-20T15:00:00Z"));
    }

    /** A row of an hour. */
    private static String hour(String quantity) {
        return row("2026-11-20T10:00:00+00:00", "2026-11-20T11:00:00+00:00", quantity, SOME_INFO);
    }

    /** A row of a day. */
    private static String day(String quantity, String additionalInfo) {
        return row("2026-11-19T00:00:00+00:00", "2026-11-20T00:00:00+00:00", quantity, additionalInfo);
    }

    private static String row(String start, String end, String quantity, String additionalInfo) {
        return row(start, end, quantity, "{\"b\":\"2\",\"a\":\"1\"}", additionalInfo);
    }

    private static String row(String start, String end, String quantity, String tags, String additionalInfo) {
        String instance = "{\"Microsoft.Resources\":{\"resourceUri\":\"/r/1\",\"location\":\"local\",\"tags\":" + tags
                + ",\"additionalInfo\":" + additionalInfo + "}}";
        return "{\"id\":\"/x\",\"name\":\"n\",\"type\":\"Microsoft.Commerce.Admin/UsageAggregate\",\"properties\":{"
                + "\"subscriptionId\":\"3f0c1a52-6f5e-4a54-9d7b-0c8d6a2f1e11\",\"usageStartTime\":\"" + start
                + "\",\"usageEndTime\":\"" + end + "\",\"instanceData\":" + CanonicalJson.quoted(instance)
                + ",\"quantity\":" + quantity + ",\"meterId\":\"F271A8A388C44D93956A063E1D2FA80B\"}}";
    }

    private static List<Parsed> read(WindowRecords pull, String... rows) {
        List<Parsed> records = new ArrayList<>();
        for (String row : rows) {
            JsonNode page =
                    AnswerJson.read(Buffer.buffer("{\"value\":[" + row + "]}")).orElseThrow();
            records.addAll(pull.of(page.get("value").get(0)));
        }
        return records;
    }

    private static UsageRecord record(String row) {
        List<Parsed> read = read(pull(), row);
        assertThat(read).hasSize(1);
        assertThat(read.get(0).refusal()).isNull();
        return read.get(0).record();
    }

    private static IngestOutcome refusal(String row) {
        List<Parsed> read = read(pull(), row);
        assertThat(read).hasSize(1);
        assertThat(read.get(0).record()).isNull();
        assertThat(read.get(0).source()).isEqualTo("collect:stamp");
        assertThat(read.get(0).refusal().kind()).isEqualTo(IngestOutcome.Kind.Rejected);
        return read.get(0).refusal();
    }

    private static List<String> ids(List<Parsed> records) {
        return records.stream().map(Parsed::id).toList();
    }

    private static List<BigDecimal> quantities(List<Parsed> records) {
        return records.stream().map(parsed -> parsed.record().quantity()).toList();
    }

    @Test
    void aRowOfAnotherListingIsNoTwinOfTheSameInTheOneBefore() {
        WindowRecords pull = pull();
        List<String> before = ids(read(pull, hour("1"), hour("1")));
        assertThat(before).doesNotHaveDuplicates();
        pull.beginAnew();
        assertThat(ids(read(pull, hour("1"), hour("1")))).isEqualTo(before);
    }

    @Test
    void aRowOfAnHourIsARecordOfWhatTheSourceSaid() {
        UsageRecord record = record(hour("12345678901234567890.000000000000001"));
        assertThat(record.source()).isEqualTo("collect:stamp");
        assertThat(record.id()).matches("[A-Za-z0-9_-]{43}");
        assertThat(record.meterId()).isEqualTo("F271A8A388C44D93956A063E1D2FA80B");
        assertThat(record.instance().subscription()).hasToString("3f0c1a52-6f5e-4a54-9d7b-0c8d6a2f1e11");
        assertThat(record.instance().resourceUri()).isEqualTo("/r/1");
        assertThat(record.instance().location()).isEqualTo("local");
        assertThat(record.instance().tags()).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(record.instance().additionalInfo()).isEqualTo("{\"size\":1.1}");
        assertThat(record.quantity()).isEqualTo(new BigDecimal("12345678901234567890.000000000000001"));
        assertThat(record.usageStart()).isEqualTo("2026-11-20T10:00:00Z");
        assertThat(record.usageEnd()).isEqualTo("2026-11-20T11:00:00Z");
    }

    @Test
    void pulledTwiceTheSameWindowGivesTheSameRecords() {
        String[] rows = {hour("1"), day("24.5", SOME_INFO), hour("1").replace("/r/1", "/r/2")};
        List<Parsed> once = read(pull(), rows);
        assertThat(once).hasSize(26).isEqualTo(read(pull(), rows));
        assertThat(ids(once)).doesNotHaveDuplicates();
    }

    @Test
    void whateverIsWrittenOtherwiseButMeansTheSameIsTheSameRecord() {
        String otherwise = hour("1.50")
                .replace("3f0c1a52", "3F0C1A52")
                .replace("F271A8", "f271a8")
                .replace("/r/1", "/R/1")
                .replace("10:00:00+00:00", "10:00:00Z")
                .replace("\\\"b\\\":\\\"2\\\",\\\"a\\\":\\\"1\\\"", "\\\"a\\\":\\\"1\\\",\\\"b\\\":\\\"2\\\"");
        assertThat(record(otherwise).identity()).isEqualTo(record(hour("1.5")).identity());
    }

    @Test
    void exactTwinsAreTwoRecords() {
        List<Parsed> twins = read(pull(), hour("1"), hour("1"), hour("1"));
        assertThat(ids(twins)).doesNotHaveDuplicates();
        assertThat(ids(twins)).isEqualTo(ids(read(pull(), hour("1"), hour("1"), hour("1"))));
    }

    @Test
    void aChangedFigureIsTheSameRecordWithAnotherPayload() {
        UsageRecord before = record(hour("1.5"));
        UsageRecord after = record(hour("1.6"));
        assertThat(after.identity()).isEqualTo(before.identity());
        assertThat(after.payloadHash()).isNotEqualTo(before.payloadHash());
    }

    @ParameterizedTest
    @CsvSource({
        "3f0c1a52, 4f0c1a52",
        "F271A8, F271A9",
        "/r/1, /r/2",
        "local, Local",
        "size, sizes",
        "T10:00:00, T09:00:00",
    })
    void whatIsAboutSomethingElseIsAnotherRecord(String what, String other) {
        String row = row("2026-11-20T10:00:00+00:00", "2026-11-20T11:00:00+00:00", "1", SOME_INFO);
        String different =
                row.replace(what, other).replace("11:00:00", what.startsWith("T1") ? "10:00:00" : "11:00:00");
        assertThat(record(different).id()).isNotEqualTo(record(row).id());
    }

    @Test
    void theSameRowInAnotherWindowOrOfAnotherSourceIsAnotherRecord() {
        UsageRecordParser parser = parser("2026-11-20T15:00:00Z");
        Parsed here = read(pull(), hour("1")).get(0);
        Parsed later = read(new WindowRecords("stamp", window("2026-11-20T13:00:00Z"), parser), hour("1"))
                .get(0);
        Parsed elsewhere =
                read(new WindowRecords("other", WINDOW, parser), hour("1")).get(0);
        assertThat(later.id()).isNotEqualTo(here.id());
        assertThat(elsewhere.source()).isEqualTo("collect:other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-7.3", "0.000000000000005", "99999999999999999999999.999999999999999", "\"24\"", "0"})
    void aRowOfADayBecomesItsHoursToTheLastDigit(String quantity) {
        List<Parsed> hours = read(pull(), day(quantity, SOME_INFO));
        assertThat(hours).hasSize(24).allMatch(parsed -> parsed.refusal() == null);
        assertThat(quantities(hours).stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(quantity.replace("\"", ""));
        String id = hours.get(0).id().replaceFirst("/0$", "");
        assertThat(ids(hours))
                .isEqualTo(
                        IntStream.range(0, 24).mapToObj(hour -> id + "/" + hour).toList());
        assertThat(hours.get(23).record().usageStart()).isEqualTo("2026-11-19T23:00:00Z");
        assertThat(hours.get(23).record().usageEnd()).isEqualTo("2026-11-20T00:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"size\":1.10} | {\"size\":1.1,\"spreadFrom\":\"2026-11-19T00:00:00Z/2026-11-20T00:00:00Z\"}",
                "null           | {\"spreadFrom\":\"2026-11-19T00:00:00Z/2026-11-20T00:00:00Z\"}",
                "[1]            | {\"additionalInfo\":[1],\"spreadFrom\":\"2026-11-19T00:00:00Z/2026-11-20T00:00:00Z\"}",
                "{\"spreadFrom\":\"of a month\"} | {\"spreadFrom\":\"of a month\"}",
            })
    void whatIsSpreadSaysFromWhat(String said, String kept) {
        assertThat(read(pull(), day("1", said)))
                .allMatch(parsed -> parsed.record().instance().additionalInfo().equals(kept));
    }

    @Test
    void whatIsNotSpreadKeepsItsAdditionalInfoWhateverItIs() {
        for (String info : new String[] {"null", "[1,2]", "\"text\"", "{}", "true"}) {
            String row = row("2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", "1", info);
            assertThat(record(row).instance().additionalInfo()).isEqualTo(info.equals("null") ? null : info);
        }
    }

    @Test
    void ofADayOnlyTheHoursThatAreTooOldAreRefusedAndTheOthersKeepTheirIdentity() {
        List<Parsed> inTime = read(pull(), day("24", SOME_INFO));
        List<Parsed> late =
                read(new WindowRecords("stamp", WINDOW, parser("2027-11-19T12:30:00Z")), day("24", SOME_INFO));
        assertThat(ids(late)).isEqualTo(ids(inTime));
        assertThat(late.stream().map(Parsed::refusal).filter(Objects::nonNull).map(IngestOutcome::code))
                .hasSize(12)
                .containsOnly(RecordError.UsageTimeTooOld);
        assertThat(late.subList(12, 24)).isEqualTo(inTime.subList(12, 24));
    }

    @ParameterizedTest
    @CsvSource({
        "1e23, quantity, QuantityOutOfRange",
        "1e999999999, quantity, InvalidProperty",
        "1e-400, quantity, QuantityOutOfRange",
        "0.0000000000000001, quantity, QuantityOutOfRange",
        "'\"NaN\"', quantity, InvalidProperty",
        "'\"\"', quantity, InvalidProperty",
        "null, quantity, InvalidProperty",
        "[1], quantity, InvalidProperty",
        "true, quantity, InvalidProperty",
    })
    void aQuantityThatCannotBeStoredIsRefused(String quantity, String field, RecordError error) {
        IngestOutcome refusal = refusal(hour(quantity));
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal.code()).isEqualTo(error);
        assertThat(refusal.message()).contains("`quantity`", "expected");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T10:30:00Z, 2026-11-20T11:00:00Z, usageStartTime, UsageTimeNotWithinHour",
        "2026-11-20T10:00:00Z, 2026-11-20T10:00:00Z, usageEndTime, InvalidProperty",
        "2026-11-20T10:00:00Z, 2026-11-20T09:00:00Z, usageEndTime, InvalidProperty",
        "2026-11-18T10:00:00Z, 2026-11-19T11:00:00Z, usageEndTime, InvalidProperty",
        "2026-11-20T10:00:00Z, 9999-11-20T09:00:00Z, usageEndTime, InvalidProperty",
        "1763632800000, 2026-11-20T11:00:00Z, usageStartTime, InvalidProperty",
        "2026-11-20T16:00:00Z, 2026-11-20T17:00:00Z, data.usageStartTime, UsageTimeInFuture",
        "2020-11-20T16:00:00Z, 2020-11-20T17:00:00Z, data.usageStartTime, UsageTimeTooOld",
        "2020-11-20T00:00:00Z, 2020-11-21T00:00:00Z, data.usageStartTime, UsageTimeTooOld",
    })
    void aTimeOutsideOfItsBoundsIsRefused(String start, String end, String field, RecordError error) {
        IngestOutcome refusal = refusal(row(start, end, "1", SOME_INFO));
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal.code()).isEqualTo(error);
    }

    @Test
    void aMissingPropertyIsNamed() {
        for (String field : new String[] {
            "properties", "subscriptionId", "usageStartTime", "usageEndTime", "instanceData", "quantity", "meterId",
        }) {
            assertThat(refusal(hour("1").replace("\"" + field + "\"", "\"other\""))
                            .field())
                    .isEqualTo(field);
        }
        for (String field : new String[] {"resourceUri", "location"}) {
            assertThat(refusal(hour("1").replace(field, "other")).field()).isEqualTo(field);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "null",
                "\"x\"",
                "[]",
                "{}",
                "[[]]",
                "{\"properties\":[]}",
                "{\"properties\":{\"properties\":{}}}"
            })
    void whatIsNoRowIsRefused(String row) {
        assertThat(refusal(row).field()).isIn("properties", "instanceData");
    }

    @Test
    void theLimitsAreThoseOfWhatIsPosted() {
        assertThat(refusal(hour("1").replace("3f0c1a52-", "")).field()).isEqualTo("subject");
        assertThat(refusal(hour("1").replace("F271A8", "m".repeat(257)))).satisfies(refusal -> {
            assertThat(refusal.field()).isEqualTo("data.meterId");
            assertThat(refusal.code()).isEqualTo(RecordError.TextTooLong);
        });
        assertThat(refusal(hour("1").replace("/r/1", "/r/" + "1".repeat(2048))).field())
                .isEqualTo("data.resourceUri");
        assertThat(refusal(hour("1").replace("local", " ")).field()).isEqualTo("data.location");
        assertThat(refusal(hour("1").replace("\"F271A8", "\"\\u0000")).code()).isEqualTo(RecordError.InvalidText);
        assertThat(refusal(tags("{\"a\":1}")).field()).isEqualTo("data.tags");
        assertThat(refusal(tags("{\"a\":\"" + "1".repeat(16_384) + "\"}")).field())
                .isEqualTo("data.tags");
        assertThat(refusal(tags("[]")).field()).isEqualTo("tags");
        assertThat(refusal(info("[\"" + "1".repeat(32_768) + "\"]")).field()).isEqualTo("data.additionalInfo");
    }

    @Test
    void instanceDataIsReadAsStrictlyAsWhatIsPosted() {
        assertThat(refusal(info("[".repeat(20) + "]".repeat(20))).field()).isEqualTo("instanceData");
        assertThat(refusal(info("1".repeat(41))).field()).isEqualTo("instanceData");
        assertThat(refusal(info("1e99999999999")).field()).isEqualTo("instanceData");
        assertThat(refusal(info("{\"a\":1,\"a\":2}")).field()).isEqualTo("instanceData");
        assertThat(refusal(info("{}} x")).field()).isEqualTo("instanceData");
        assertThat(refusal(hour("1").replace("\\\"Microsoft.Resources", "\\u0000\\\""))
                        .field())
                .isEqualTo("instanceData");
    }

    /** Whatever a source sends, nothing is thrown: that would be asked for again and again. */
    @Test
    void whateverItIsItBecomesRecordsOrARefusal() {
        long seed = 20261122;
        Random random = new Random(seed);
        String alphabet = "0123456789\"\\{}[]:,-.eEzT \u0000\u00e9\ud800null";
        int rows = 0;
        for (int run = 0; run < 20_000; run++) {
            StringBuilder row = new StringBuilder(random.nextBoolean() ? hour("1.5") : day("-1e3", SOME_INFO));
            for (int change = 0; change <= random.nextInt(3); change++) {
                int at = random.nextInt(row.length());
                String with =
                        alphabet.substring(random.nextInt(alphabet.length())).substring(0, 1);
                row.replace(at, at + random.nextInt(3), random.nextInt(4) == 0 ? "" : with);
            }
            Optional<JsonNode> page = AnswerJson.read(Buffer.buffer("{\"value\":[" + row + "]}"));
            if (page.isPresent()) {
                rows++;
                assertThat(pull().of(page.get().get("value").get(0)))
                        .as("seed %d, run %d: %s", seed, run, row)
                        .isNotEmpty()
                        .allMatch(parsed -> parsed.record() == null
                                ? parsed.refusal().field() != null
                                : parsed.record().source().equals("collect:stamp"));
            }
        }
        assertThat(rows).isGreaterThan(1_000);
    }

    private static String tags(String tags) {
        return row("2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", "1", tags, SOME_INFO);
    }

    private static String info(String info) {
        return row("2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", "1", info);
    }
}
