package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.usage.RecordError;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Usage in: forms of the body, and an outcome for each record. */
class IngestIT extends IngestFixture {
    /** A bent record and what becomes of it. */
    private record Bad(TestEvent event, RecordError code, String field) {}

    @Test
    void oneEventABatchAndAStreamAreTaken() {
        TestEvent event = good();
        JsonNode outcome = single(event);
        assertThat(outcome.path("index").asInt()).isZero();
        assertThat(outcome.path("source").asText()).isEqualTo("test");
        assertThat(outcome.path("outcome").asText()).isEqualTo("Accepted");
        assertThat(outcome.has("code")).isFalse();

        Answer batch =
                operator.post(RECORDS, BATCH + "; charset=UTF-8", "[" + event.json() + "," + good().json() + "]");
        assertThat(batch.json().at("/outcomes/0/outcome").asText()).isEqualTo("Duplicate");
        assertThat(batch.json().at("/outcomes/1/outcome").asText()).isEqualTo("Accepted");
        assertThat(batch.json().at("/totals/records").asInt()).isEqualTo(2);
        assertThat(operator.post(RECORDS, BATCH, "[]")
                        .json()
                        .at("/totals/records")
                        .asInt())
                .isZero();

        List<JsonNode> lines = stream(event.line() + good().line());
        assertThat(lines).hasSize(1);
        assertThat(totals(lines).path("Duplicate").asInt()).isEqualTo(1);
        assertThat(totals(lines).path("Accepted").asInt()).isEqualTo(1);
        assertTotals(totals(stream("")), 0, 0);
    }

    @Test
    void anotherContentTypeIsRefused() {
        for (String type : List.of("application/json", "text/plain", "application/cloudevents", "")) {
            Answer answer = operator.post(RECORDS, type.isEmpty() ? null : type, good().json());
            assertThat(answer.status()).as(type).isEqualTo(415);
            assertThat(answer.errorCode()).isEqualTo("UnsupportedMediaType");
            assertThat(answer.json().at("/error/message").asText()).contains(SINGLE, BATCH, STREAM);
        }
    }

    @Test
    void aBodyThatCannotBeReadAtAllIsRefused() {
        for (String body : List.of("", "{", "{} {}", "nonsense")) {
            Answer answer = operator.post(RECORDS, SINGLE, body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.errorCode()).isEqualTo("InvalidProperty");
        }
        for (String body : List.of("", "[", "{}", "7", "[] []")) {
            Answer answer = operator.post(RECORDS, BATCH, body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.errorCode()).isEqualTo("InvalidProperty");
        }
    }

    @Test
    void aBatchThatIsTooLargeIsRefusedAndAStreamIsNot() {
        String spaces = " ".repeat(1_100_000);
        Answer answer = operator.post(RECORDS, BATCH, "[" + spaces + good().json() + "]");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.errorCode()).isEqualTo("RequestEntityTooLarge");
        String padded = IntStream.range(0, 10)
                .mapToObj(i -> " ".repeat(200_000) + good().line())
                .collect(Collectors.joining());
        assertTotals(totals(stream(padded)), 10, 0);
    }

    @Test
    void unknownOptionsAreNamed() {
        assertThat(operator.post(RECORDS + "?reportedAt=yesterday", SINGLE, good().json())
                        .json()
                        .at("/error/message")
                        .asText())
                .contains("`reportedAt`");
        assertThat(operator.post(RECORDS + "?outcomes=some", STREAM, good().line())
                        .json()
                        .at("/error/message")
                        .asText())
                .contains("`outcomes`");
    }

    private List<Bad> bad() {
        String nested = "[".repeat(20) + "]".repeat(20);
        List<Bad> bad = new ArrayList<>();
        for (String field : List.of(
                "specversion",
                "type",
                "source",
                "id",
                "subject",
                "data.meterId",
                "data.resourceUri",
                "data.location",
                "data.quantity",
                "data.usageStartTime",
                "data.usageEndTime")) {
            bad.add(new Bad(good().without(field), RecordError.MissingProperty, field));
            bad.add(new Bad(good().raw(field, "null"), RecordError.MissingProperty, field));
        }
        bad.add(new Bad(good().without("data"), RecordError.MissingProperty, "data"));
        bad.add(new Bad(good().raw("data", "[1]"), RecordError.MissingProperty, "data"));
        bad.add(new Bad(good().text("specversion", "0.3"), RecordError.InvalidProperty, "specversion"));
        bad.add(new Bad(good().text("type", "other"), RecordError.InvalidProperty, "type"));
        bad.add(new Bad(good().text("id", " "), RecordError.InvalidProperty, "id"));
        bad.add(new Bad(good().raw("id", "7"), RecordError.InvalidProperty, "id"));
        bad.add(new Bad(good().text("subject", "1-1-1-1-1"), RecordError.InvalidProperty, "subject"));
        bad.add(new Bad(good().text("data.usageStartTime", "now"), RecordError.InvalidProperty, "data.usageStartTime"));
        bad.add(new Bad(
                good().raw("data.usageStartTime", "1763683200000"),
                RecordError.InvalidProperty,
                "data.usageStartTime"));
        bad.add(new Bad(
                good().text("data.usageStartTime", hour.plusNanos(1).toString()),
                RecordError.InvalidProperty,
                "data.usageStartTime"));
        bad.add(new Bad(good().raw("data.tags", "[\"a\"]"), RecordError.InvalidProperty, "data.tags"));
        bad.add(new Bad(good().raw("data.tags", "{\"a\":1}"), RecordError.InvalidProperty, "data.tags"));

        bad.add(new Bad(good().text("id", "x".repeat(257)), RecordError.TextTooLong, "id"));
        bad.add(new Bad(good().text("source", "x".repeat(513)), RecordError.TextTooLong, "source"));
        bad.add(new Bad(good().text("data.meterId", "x".repeat(257)), RecordError.TextTooLong, "data.meterId"));
        bad.add(new Bad(
                good().text("data.resourceUri", "x".repeat(2049)), RecordError.TextTooLong, "data.resourceUri"));
        bad.add(new Bad(good().text("data.location", "x".repeat(257)), RecordError.TextTooLong, "data.location"));
        bad.add(new Bad(
                good().raw("data.tags", "{\"a\":\"" + "x".repeat(16_384) + "\"}"),
                RecordError.TextTooLong,
                "data.tags"));
        bad.add(new Bad(
                good().text("data.additionalInfo", "x".repeat(32_768)),
                RecordError.TextTooLong,
                "data.additionalInfo"));

        for (String text : List.of("\\u0000", "a\\u0007", "\\ud800", "\\udc00x", "x\\ud83d", "\\ude00\\ud83d")) {
            bad.add(new Bad(good().raw("id", "\"a" + text + "\""), RecordError.InvalidText, "id"));
            bad.add(new Bad(
                    good().raw("data.resourceUri", "\"a" + text + "\""), RecordError.InvalidText, "data.resourceUri"));
            bad.add(new Bad(good().raw("data.tags", "{\"a\":\"" + text + "\"}"), RecordError.InvalidText, "data.tags"));
            bad.add(new Bad(
                    good().raw("data.additionalInfo", "{\"a\":[{\"b\":\"" + text + "\"}]}"),
                    RecordError.InvalidText,
                    "data.additionalInfo"));
        }

        bad.add(new Bad(good().raw("data.tags", "{\"a\\u0000\":\"b\"}"), RecordError.InvalidText, "data.tags"));
        bad.add(new Bad(good().raw("data.tags", "{\"a\\ud800\":\"b\"}"), RecordError.InvalidJson, null));

        for (String quantity : List.of(
                "\"abc\"", "\"\"", "true", "[1]", "{}", "\"NaN\"", "\"Infinity\"", "\"0x1p3\"", "\" 1\"", "\"1,5\"")) {
            bad.add(new Bad(good().raw("data.quantity", quantity), RecordError.InvalidQuantity, "data.quantity"));
        }
        for (String quantity : List.of(
                "1e400",
                "1e999999999",
                "-1E+999999999",
                "1e-999999999",
                "1e-16",
                "0.0000000000000001",
                "1" + "0".repeat(23),
                "1".repeat(39),
                "\"1e999999999\"",
                "\"1e23\"")) {
            bad.add(new Bad(good().raw("data.quantity", quantity), RecordError.QuantityOutOfRange, "data.quantity"));
        }
        // An exponent that no int holds: Java's decimals know no such number.
        bad.add(new Bad(good().raw("data.quantity", "\"1e9999999999\""), RecordError.InvalidQuantity, "data.quantity"));

        for (String quantity :
                List.of("NaN", "Infinity", "+1", "01", ".5", "1.", "0x1", "1".repeat(41), "1e99999999999")) {
            bad.add(new Bad(good().raw("data.quantity", quantity), RecordError.InvalidJson, null));
        }
        bad.add(new Bad(good().raw("data.additionalInfo", nested), RecordError.InvalidJson, null));
        bad.add(new Bad(good().raw("data.tags", "{\"a\":\"1\",\"a\":\"2\"}"), RecordError.InvalidJson, null));

        Instant late = hour.minus(3, ChronoUnit.HOURS);
        bad.add(new Bad(
                good().text("data.usageStartTime", late.plusSeconds(1800).toString())
                        .text("data.usageEndTime", late.plusSeconds(5400).toString()),
                RecordError.UsageTimeNotWithinHour,
                "data.usageEndTime"));
        bad.add(new Bad(
                good().text("data.usageStartTime", late.toString())
                        .text(
                                "data.usageEndTime",
                                late.plus(1, ChronoUnit.HOURS).plusMillis(1).toString()),
                RecordError.UsageTimeNotWithinHour,
                "data.usageEndTime"));
        bad.add(new Bad(
                good().text("data.usageStartTime", late.plusSeconds(1).toString())
                        .text("data.usageEndTime", late.toString()),
                RecordError.UsageTimeNotWithinHour,
                "data.usageEndTime"));
        bad.add(new Bad(
                TestEvent.of("ahead", subscription, hour.plus(2, ChronoUnit.HOURS)),
                RecordError.UsageTimeInFuture,
                "data.usageStartTime"));
        bad.add(new Bad(
                TestEvent.of("old", subscription, Instant.parse("2015-01-01T00:00:00Z")),
                RecordError.UsageTimeTooOld,
                "data.usageStartTime"));
        return bad;
    }

    private static void assertRefused(JsonNode outcome, Bad bad) {
        String event = bad.event().json();
        String shown = event.substring(0, Math.min(event.length(), 700)) + " gave " + outcome;
        assertThat(outcome.path("outcome").asText()).as(shown).isEqualTo("Rejected");
        assertThat(outcome.path("code").asText()).as(shown).isEqualTo(bad.code().name());
        assertThat(outcome.path("field").textValue()).as(shown).isEqualTo(bad.field());
        assertThat(outcome.path("message").asText()).as(shown).isNotEmpty();
    }

    @Test
    void aBadRecordInAStreamIsNamedAndItsNeighboursAreTaken() {
        List<Bad> bad = bad();
        String body =
                bad.stream().map(each -> good().line() + each.event().line()).collect(Collectors.joining())
                        + good().line();
        List<JsonNode> lines = stream(body);
        assertTotals(totals(lines), bad.size() + 1, bad.size());
        assertThat(lines).hasSize(bad.size() + 1);
        for (int i = 0; i < bad.size(); i++) {
            assertThat(lines.get(i).path("line").asInt()).isEqualTo(2 * i + 2);
            assertRefused(lines.get(i), bad.get(i));
        }
    }

    @Test
    void aBadRecordInABatchIsNamedAndItsNeighboursAreTaken() {
        List<Bad> bad = bad();
        String body = bad.stream()
                .map(each -> good().json() + "," + each.event().json() + ",")
                .collect(Collectors.joining("", "[", good().json() + "]"));
        Answer answer = operator.post(RECORDS, BATCH, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        JsonNode outcomes = answer.json().path("outcomes");
        assertThat(outcomes).hasSize(2 * bad.size() + 1);
        for (int i = 0; i < bad.size(); i++) {
            assertThat(outcomes.at("/" + 2 * i + "/outcome").asText()).isEqualTo("Accepted");
            assertThat(outcomes.at("/" + (2 * i + 1) + "/index").asInt()).isEqualTo(2 * i + 1);
            assertRefused(outcomes.get(2 * i + 1), bad.get(i));
        }
    }

    @Test
    void everyRecordErrorIsReached() {
        Set<RecordError> reached = EnumSet.noneOf(RecordError.class);
        bad().forEach(each -> reached.add(each.code()));
        TestEvent kept = good();
        assertOutcome(kept, "Accepted");
        TestEvent unknown = TestEvent.of("unknown", new SubscriptionId(UUID.randomUUID()), hour);
        List<JsonNode> outcomes = new ArrayList<>();
        outcomes.add(single(kept.raw("data.quantity", "2")));
        outcomes.add(single(unknown));
        outcomes.add(single(good().text("data.meterId", "unheard-of")));
        discard("/quarantine", "unknown");
        outcomes.add(single(unknown));
        world.sealThrough(hour);
        TestEvent yesterday = TestEvent.of("yesterday", subscription, hour.minus(24, ChronoUnit.HOURS));
        outcomes.add(operator.post(RECORDS + "?reportedAt=usage-hour", SINGLE, yesterday.json())
                .json()
                .at("/outcomes/0"));
        outcomes.forEach(
                outcome -> reached.add(RecordError.valueOf(outcome.path("code").asText())));
        assertThat(outcomes)
                .extracting(outcome -> outcome.path("outcome").asText())
                .containsExactly("Conflict", "Quarantined", "Quarantined", "Rejected", "Rejected");
        assertThat(reached).containsExactlyInAnyOrder(RecordError.values());
    }

    @Test
    void whateverADecimalCanSayIsStoredExactly() {
        SubscriptionId own = world.subscription(tenant);
        List<String> sent = List.of(
                "9007199254740993",
                "-0",
                "0.000000000000001",
                "\"1.50\"",
                "-7",
                "99999999999999999999999.999999999999999",
                "\"1e2\"",
                "0e999999999",
                "1.0000000000000000000000",
                "12.5E-1");
        List<String> stored = List.of(
                "9007199254740993",
                "0",
                "0.000000000000001",
                "1.5",
                "-7",
                "99999999999999999999999.999999999999999",
                "100",
                "0",
                "1",
                "1.25");
        for (int i = 0; i < sent.size(); i++) {
            assertOutcome(TestEvent.of("decimal-" + i, own, hour).raw("data.quantity", sent.get(i)), "Accepted");
        }
        // Sealed ahead: what the other tests send later joins the following window.
        Instant end = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        world.sealThrough(end);
        Answer page = operator.get("/subscriptions/" + own + "/providers/Microsoft.Commerce/UsageAggregates"
                + "?api-version=2015-06-01-preview&aggregationGranularity=Hourly&reportedStartTime="
                + hour.truncatedTo(ChronoUnit.DAYS) + "&reportedEndTime=" + end);
        assertThat(page.json().path("value")).hasSize(sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertThat(page.body())
                    .containsPattern("vm-decimal-" + i + "\\\\\"[^}]*}}\",\"quantity\":"
                            + java.util.regex.Pattern.quote(stored.get(i)) + ",");
        }
    }

    @Test
    void theSameRecordInOtherWordsIsADuplicateAndAnotherOneAConflict() {
        TestEvent event = good().raw("data.quantity", "1.50").raw("data.tags", "{\"a\":\"1\",\"b\":\"2\"}");
        assertOutcome(event, "Accepted");
        assertOutcome(
                event.raw("data.quantity", "\"15e-1\"")
                        .raw("data.tags", "{ \"b\":\"2\", \"\\u0061\":\"1\"}")
                        .text("data.meterId", TestWorld.CORE_HOURS.toLowerCase(java.util.Locale.ROOT))
                        .text("data.usageStartTime", hour.toString().replace("Z", ".000+00:00")),
                "Duplicate");
        assertOutcome(event.raw("data.quantity", "1.500000000000001"), "Conflict");
        assertOutcome(event.raw("data.quantity", "1.5"), "Duplicate");
    }

    @Test
    void namesOfTheGreatestLengthAreTaken() {
        String text = IntStream.range(0, 2048)
                .mapToObj(i -> String.valueOf((char) (0x4e00 + i * 7)))
                .collect(Collectors.joining());
        assertOutcome(
                good().text("source", text.substring(0, 512))
                        .text("id", text.substring(600, 856))
                        .text("data.resourceUri", text)
                        .text("data.location", text.substring(0, 256)),
                "Accepted");
    }
}
