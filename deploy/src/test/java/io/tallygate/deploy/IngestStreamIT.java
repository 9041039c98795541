package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.store.directory.SubscriptionId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Usage in as a stream of lines, and backfill. */
class IngestStreamIT extends IngestFixture {
    @Test
    void linesAreCountedHoweverTheyEnd() {
        String body = "\n" + good().line() + "\r\n" + good().json() + "\r\n" + "bad\r\n" + good().json();
        List<JsonNode> lines = stream(body);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).path("line").asInt()).isEqualTo(5);
        assertTotals(totals(lines), 3, 1);
    }

    @Test
    void aLineThatIsTooLongFailsAlone() {
        String body = good().line() + "x".repeat(300_000) + "\n" + good().line() + "{\"a\":\"" + "y".repeat(2_000_000);
        List<JsonNode> lines = stream(body);
        assertThat(lines)
                .extracting(line -> line.path("code").asText())
                .containsExactly("TextTooLong", "TextTooLong", "");
        assertThat(lines).extracting(line -> line.path("line").asInt()).containsExactly(2, 4, 0);
        assertTotals(totals(lines), 2, 2);
    }

    @Test
    void brokenTextFailsAlone() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("\ufeff" + good().line() + good().line()).getBytes(StandardCharsets.UTF_8));
        String line = good().line();
        for (byte[] broken : List.of(
                new byte[] {(byte) 0xff},
                new byte[] {(byte) 0xc3, '('},
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[] {(byte) 0xc0, (byte) 0x80})) {
            body.writeBytes(line.substring(0, line.indexOf("local")).getBytes(StandardCharsets.UTF_8));
            body.writeBytes(broken);
            body.writeBytes(line.substring(line.indexOf("local")).getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(good().line().getBytes(StandardCharsets.UTF_16LE));
        body.writeBytes(new byte[] {'\n'});
        body.writeBytes(good().line().getBytes(StandardCharsets.UTF_8));
        List<JsonNode> lines = stream(body.toByteArray());
        assertThat(lines.subList(0, lines.size() - 1))
                .allSatisfy(refused -> assertThat(refused.path("code").asText()).isEqualTo("InvalidJson"));
        assertThat(lines.get(0).path("line").asInt()).isEqualTo(1);
        assertThat(totals(lines).path("Accepted").asInt()).isEqualTo(2);
        assertThat(totals(lines).path("Rejected").asInt())
                .isEqualTo(lines.size() - 1)
                .isGreaterThanOrEqualTo(6);
    }

    @Test
    void allOutcomesAreToldWhenAsked() {
        String body = good().line() + "bad\n" + good().line();
        Answer answer = operator.post(RECORDS + "?outcomes=all", STREAM, body);
        List<JsonNode> lines = lines(answer.body());
        assertThat(lines)
                .extracting(line -> line.path("outcome").asText())
                .containsExactly("Accepted", "Rejected", "Accepted", "");
        assertThat(lines).extracting(line -> line.path("line").asInt()).containsExactly(1, 2, 3, 0);
    }

    @Test
    void moreBadLinesThanTenThousandAreOnlyCounted() {
        List<JsonNode> lines = stream("bad\n".repeat(10_050) + good().line());
        assertThat(lines).hasSize(10_001);
        assertTotals(totals(lines), 1, 10_050);
    }

    @Test
    void aLongStreamGoesThrough() {
        SubscriptionId own = world.subscription(tenant);
        String body = IntStream.range(0, 50_000)
                .mapToObj(i -> TestEvent.of("long-" + i, own, hour)
                        .text("data.resourceUri", TestEvent.resource(own, Integer.toString(i % 50)))
                        .line())
                .collect(Collectors.joining());
        Answer answer = operator.post(RECORDS, STREAM, body);
        assertThat(answer.body().lines()).hasSize(1);
        assertTotals(answer.lastLine().path("totals"), 50_000, 0);
        assertThat(operator.post(RECORDS, STREAM, body)
                        .lastLine()
                        .at("/totals/Duplicate")
                        .asInt())
                .isEqualTo(50_000);
    }

    @Test
    void backfillJoinsTheOpenWindowOfItsHourAndNoSealedOne() {
        assertOutcome(good(), "Accepted");
        world.sealThrough(hour);
        Instant sealed = hour.minus(48, ChronoUnit.HOURS);
        JsonNode outcome = operator.post(
                        RECORDS + "?ReportedAt=Usage-Hour",
                        SINGLE,
                        TestEvent.of("backfill", subscription, sealed).json())
                .json()
                .at("/outcomes/0");
        assertThat(outcome.path("code").asText()).isEqualTo("WindowSealed");
        assertThat(outcome.path("message").asText())
                .as("names the watermark")
                .contains(hour.toString().substring(0, 10));
        assertOutcome(TestEvent.of("backfill", subscription, sealed), "Accepted");
    }
}
