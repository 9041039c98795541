package io.tallygate.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.store.usage.CanonicalJson;
import io.tallygate.store.usage.RecordError;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageRecordParserTest {
    private static final String GOOD = """
            {"specversion":"1.0","type":"io.tallygate.usage.v1","source":"rp","id":"1",
             "subject":"3fa85f64-5717-4562-b3fc-2c963f66afa6","data":{"meterId":"m","resourceUri":"/r","location":"local",
             "tags":{"b":"2","a":"1"},"additionalInfo":{"x":[1.50,null,{"z":true,"y":"é"}]},"quantity":1.5,
             "usageStartTime":"2026-11-20T10:00:00Z","usageEndTime":"2026-11-20T11:00:00Z"}}""";

    private final UsageRecordParser parser = new UsageRecordParser(
            Clock.fixed(Instant.parse("2026-11-20T10:30:00Z"), ZoneOffset.UTC), Duration.ofDays(365));

    @Test
    void goodEventIsReadInCanonicalForm() {
        Parsed parsed = parse(GOOD);
        assertThat(parsed.refusal()).isNull();
        assertThat(parsed.record().instance().tags()).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(parsed.record().instance().additionalInfo())
                .isEqualTo("{\"x\":[1.5,null,{\"y\":\"é\",\"z\":true}]}");
    }

    @Test
    void samePayloadWrittenOtherwiseHasTheSameHash() {
        String otherwise = GOOD.replace("\"b\":\"2\",\"a\":\"1\"", "\"a\":\"1\",\"b\":\"2\"")
                .replace("\"quantity\":1.5", "\"quantity\":15.00e-1")
                .replace("2026-11-20T10:00:00Z", "2026-11-20T12:00:00.000+02:00")
                .replace("\"m\"", "\"M\"");
        assertThat(parse(otherwise).record().payloadHash())
                .isEqualTo(parse(GOOD).record().payloadHash());
        assertThat(parse(GOOD.replace("1.5,\n", "1.51,\n").replace(":1.5,", ":1.51,"))
                        .record()
                        .payloadHash())
                .isNotEqualTo(parse(GOOD).record().payloadHash());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "-1.25, -1.25",
        "9007199254740993, 9007199254740993",
        "1e22, 10000000000000000000000",
        "12345678901234567890123.123456789012345, 12345678901234567890123.123456789012345",
        "0.000000000000001, 0.000000000000001",
        "1.000000000000000000000000, 1",
        "0e999999999, 0",
        "'\"1.50\"', 1.5",
    })
    void quantityIsExact(String sent, String stored) {
        Parsed parsed = parse(withQuantity(sent));
        assertThat(parsed.refusal()).isNull();
        assertThat(CanonicalJson.plain(parsed.record().quantity())).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource({
        "1e23, QuantityOutOfRange",
        "1e999999999, QuantityOutOfRange",
        "1e-999999999, QuantityOutOfRange",
        "0.0000000000000001, QuantityOutOfRange",
        "'\"1e400\"', QuantityOutOfRange",
        "'\"NaN\"', InvalidQuantity",
        "'\"Infinity\"', InvalidQuantity",
        "'\"\"', InvalidQuantity",
        "[], InvalidQuantity",
        "true, InvalidQuantity",
        "null, MissingProperty",
        "NaN, InvalidJson",
        "1111111111111111111111111111111111111111111111, InvalidJson",
    })
    void quantityThatCannotBeStoredIsRefused(String sent, RecordError error) {
        assertThat(parse(withQuantity(sent)).refusal().code()).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T10:00:00Z, 2026-11-20T11:00:00.000001Z, UsageTimeNotWithinHour",
        "2026-11-20T10:30:00Z, 2026-11-20T10:00:00Z, UsageTimeNotWithinHour",
        "2026-11-20T09:59:59Z, 2026-11-20T10:00:01Z, UsageTimeNotWithinHour",
        "2026-11-20T10:35:01Z, 2026-11-20T11:00:00Z, UsageTimeInFuture",
        "2025-11-19T10:00:00Z, 2025-11-19T11:00:00Z, UsageTimeTooOld",
        "2026-11-20T10:00:00.1234567Z, 2026-11-20T11:00:00Z, InvalidProperty",
        "1763632800000, 2026-11-20T11:00:00Z, InvalidProperty",
    })
    void usageTimeOutsideOfItsBoundsIsRefused(String start, String end, RecordError error) {
        String event = GOOD.replace("2026-11-20T10:00:00Z", start).replace("2026-11-20T11:00:00Z", end);
        assertThat(parse(event).refusal().code()).isEqualTo(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"collect:north", "Collect:", "COLLECT:x"})
    void nobodyPostsInTheNameOfWhatIsCollected(String source) {
        String event = GOOD.replace("\"rp\"", "\"" + source + "\"");
        assertThat(parse(event).refusal().code()).isEqualTo(RecordError.InvalidProperty);
        assertThat(parse(event).refusal().field()).isEqualTo("source");
        assertThat(parse(event).refusal().message()).contains("`collect:`");
        assertThat(parse(GOOD.replace("\"rp\"", "\"collected:north\"")).refusal())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"specversion", "type", "source", "id", "subject", "data"})
    void eventWithoutARequiredFieldNamesIt(String field) {
        assertThat(parse(GOOD.replace("\"" + field + "\"", "\"other\"")).refusal())
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(RecordError.MissingProperty))
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud800", "\\udc00x", "\\u0007"})
    void textThatPostgresOrClientsCannotTakeIsRefused(String text) {
        for (String place : new String[] {"\"rp\"", "\"/r\"", "\"local\"", "\"a\"", "\"é\"", "\"y\""}) {
            String event = GOOD.replace(place, place.substring(0, place.length() - 1) + text + "\"");
            // In a name the JSON reader itself refuses half of a surrogate pair.
            assertThat(parse(event).refusal().code())
                    .as(place)
                    .isIn(
                            RecordError.InvalidText,
                            place.length() == 3 ? RecordError.InvalidJson : RecordError.InvalidText);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]x",
                "{\"a\":1,\"a\":2}",
                "\uFEFF{}",
                "{} {}",
                "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
            })
    void whatIsNotOneStrictDocumentIsRefused(String text) {
        assertThat(parse(text).refusal().code()).isEqualTo(RecordError.InvalidJson);
    }

    private static String withQuantity(String json) {
        return GOOD.replace("\"quantity\":1.5", "\"quantity\":" + json);
    }

    private Parsed parse(String event) {
        return parser.parse(Buffer.buffer(event));
    }
}
