package io.tallygate.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.StrictJson;
import io.tallygate.gateway.http.StrictJson.MalformedJsonException;
import io.tallygate.gateway.http.WireText;
import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.UsageRecord;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Usage as it is posted, as lines, as a batch and as one event: what is taken can be stored, what is not says why, and
 * either can be answered.
 */
final class UsageEventFuzzTest {
    private static final int MAX_LINE = 2000;
    private static final int MAX_MESSAGE = 800;
    private static final UsageRecordParser PARSER = new UsageRecordParser(
            Clock.fixed(Instant.parse("2026-11-20T10:30:00Z"), ZoneOffset.UTC), Duration.ofDays(365));

    @DictionaryEntries({
        "\"specversion\":\"1.0\"",
        "\"type\":\"io.tallygate.usage.v1\"",
        "\"source\":",
        "\"id\":",
        "\"subject\":\"3fa85f64-5717-4562-b3fc-2c963f66afa6\"",
        "\"data\":{",
        "\"quantity\":",
        "\"tags\":{",
        "\"additionalInfo\":",
        "\"usageStartTime\":\"2026-11-20T10:00:00Z\"",
        "1e999999999",
        "-0.0e-15",
        "\\u0000",
        "\\ud800",
        "},{"
    })
    @FuzzTest
    void isTakenOrRefusedAndAnswered(byte[] body) {
        lines(body).forEach(line -> answered(PARSER.parse(line)));
        batch(body);
        single(body);
    }

    /** Cut into chunks of any size, a stream has the same lines. */
    private static List<Buffer> lines(byte[] body) {
        List<Buffer> lines = new ArrayList<>();
        LineSplitter splitter = new LineSplitter(MAX_LINE, line -> {
            if (line != null) {
                lines.add(line);
                assertThat(line.length()).isLessThanOrEqualTo(MAX_LINE);
            }
        });
        int chunk = 1 + (body.length == 0 ? 0 : Byte.toUnsignedInt(body[body.length - 1]));
        for (int from = 0; from < body.length; from += chunk) {
            splitter.add(Buffer.buffer(Arrays.copyOfRange(body, from, Math.min(from + chunk, body.length))));
        }
        splitter.end();
        List<Buffer> atOnce = new ArrayList<>();
        LineSplitter whole = new LineSplitter(MAX_LINE, line -> {
            if (line != null) {
                atOnce.add(line);
            }
        });
        whole.add(Buffer.buffer(body));
        whole.end();
        assertThat(lines).isEqualTo(atOnce);
        return lines;
    }

    private static void batch(byte[] body) {
        try {
            List<Buffer> events = ArrayElements.of(Buffer.buffer(body));
            assertThat(events.stream().mapToInt(Buffer::length).sum()).isLessThan(Math.max(1, body.length));
            events.forEach(event -> answered(PARSER.parse(event)));
        } catch (ApiException refusal) {
            assertThat(refusal.error()).isIn(ApiError.InvalidProperty, ApiError.RequestEntityTooLarge);
            assertThat(refusal.getMessage()).contains("events");
        }
    }

    private static void single(byte[] body) {
        try {
            answered(PARSER.parse(StrictJson.BODY.read(Buffer.buffer(body))));
        } catch (MalformedJsonException malformed) {
            assertThat(malformed.getMessage()).isNotBlank().hasSizeLessThan(MAX_MESSAGE);
        }
    }

    private static void answered(Parsed parsed) {
        IngestOutcome outcome = parsed.refusal();
        if (outcome == null) {
            stored(parsed.record());
            outcome = IngestOutcome.ACCEPTED;
        } else {
            assertThat(parsed.record()).isNull();
            assertThat(outcome.code()).isNotNull();
            assertThat(outcome.message()).isNotBlank().hasSizeLessThan(MAX_MESSAGE);
        }
        EventBatch batch = new EventBatch();
        batch.add(parsed, 1);
        String answer = batch.json("line", 0, outcome).toBuffer().toString(StandardCharsets.UTF_8);
        assertThat(answer).doesNotContain("\n");
    }

    private static void stored(UsageRecord record) {
        assertThat(record.quantity().scale()).isLessThanOrEqualTo(UsageRecord.MAX_SCALE);
        assertThat(record.quantity().precision()).isLessThanOrEqualTo(UsageRecord.MAX_PRECISION);
        assertThat(Duration.between(record.usageStart(), record.usageEnd()))
                .isBetween(Duration.ZERO, Duration.ofHours(1));
        for (String text : new String[] {
            record.source(), record.id(), record.meterId(), record.instance().resourceUri()
        }) {
            assertThat(WireText.isClean(text)).isTrue();
        }
        assertThat(record.payloadHash().length()).isEqualTo(32);
    }
}
