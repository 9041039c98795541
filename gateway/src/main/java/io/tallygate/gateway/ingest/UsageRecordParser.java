package io.tallygate.gateway.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.http.StrictJson;
import io.tallygate.gateway.http.StrictJson.MalformedJsonException;
import io.tallygate.gateway.http.WireText;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.usage.CanonicalJson;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.RecordError;
import io.tallygate.store.usage.ResourceInstance;
import io.tallygate.store.usage.UsageRecord;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * Reads a usage record out of a CloudEvents 1.0 event in its JSON format. Pure: whatever is wrong becomes an outcome
 * that names the field.
 */
public final class UsageRecordParser {
    /** The event type that is taken. */
    public static final String TYPE = "io.tallygate.usage.v1";

    /** How far ahead of the clock a usage time may lie: clocks differ. */
    public static final Duration MAX_AHEAD = Duration.ofMinutes(5);

    /** What the sources of collected records begin with, and no others: nobody posts in their name. */
    public static final String COLLECTED = "collect:";

    // source and id are a key together: in UTF-8 they must stay below what an index entry holds.
    private static final int MAX_SOURCE = 512;
    private static final int MAX_ID = 256;
    private static final int MAX_METER = 256;
    private static final int MAX_URI = 2048;
    private static final int MAX_LOCATION = 256;
    private static final int MAX_TAGS = 16_384;
    private static final int MAX_ADDITIONAL_INFO = 32_768;
    // An exponent of ten digits is more than a BigDecimal holds.
    private static final Pattern DECIMAL = Pattern.compile("[+-]?\\d{1,40}(\\.\\d{1,40})?([eE][+-]?\\d{1,9})?");

    private final Clock clock;
    private final Duration retention;

    /**
     * What an event holds.
     *
     * @param source the event's source as far as it can be read, or null; {@code id} likewise
     * @param record null if the event is refused
     * @param refusal null if it is not
     */
    public record Parsed(String source, String id, UsageRecord record, IngestOutcome refusal) {}

    private static final class Refused extends RuntimeException {
        private final IngestOutcome outcome;

        Refused(RecordError error, String field, String message) {
            super(message, null, false, false);
            outcome = IngestOutcome.rejected(error, field, message);
        }
    }

    /** Refuses usage that is further ahead than {@link #MAX_AHEAD} or older than the retention. */
    public UsageRecordParser(Clock clock, Duration retention) {
        this.clock = clock;
        this.retention = retention;
    }

    /** Reads one event from its bytes. */
    public Parsed parse(Buffer event) {
        try {
            return parse(StrictJson.BODY.read(event));
        } catch (MalformedJsonException malformed) {
            return new Parsed(
                    null, null, null, IngestOutcome.rejected(RecordError.InvalidJson, null, malformed.getMessage()));
        }
    }

    /** Reads one event that somebody posts. */
    public Parsed parse(JsonNode event) {
        return parse(event, false);
    }

    /** Reads one that was made of what was collected: its source is the gateway's own. */
    public Parsed parseCollected(JsonNode event) {
        return parse(event, true);
    }

    private Parsed parse(JsonNode event, boolean collected) {
        String source = event.path("source").textValue();
        String id = event.path("id").textValue();
        try {
            UsageRecord record = record(event);
            if (!collected && source.regionMatches(true, 0, COLLECTED, 0, COLLECTED.length())) {
                throw new Refused(
                        RecordError.InvalidProperty,
                        "source",
                        "`source` must not begin with `" + COLLECTED + "`: that is what the gateway collects itself");
            }
            return new Parsed(source, id, record, null);
        } catch (Refused refused) {
            return new Parsed(source, id, null, refused.outcome);
        }
    }

    private UsageRecord record(JsonNode event) {
        if (!event.isObject()) {
            throw new Refused(RecordError.InvalidJson, null, "The event is not a JSON object");
        }
        requireExactly(event, "specversion", "1.0");
        requireExactly(event, "type", TYPE);
        String source = text(event, "source", "source", MAX_SOURCE);
        String id = text(event, "id", "id", MAX_ID);
        String subject = text(event, "subject", "subject", 36);
        SubscriptionId subscription = new SubscriptionId(WireUuid.parse(subject)
                .orElseThrow(() -> new Refused(
                        RecordError.InvalidProperty, "subject", "`subject` must be a subscription id: a UUID")));
        JsonNode data = event.path("data");
        if (!data.isObject()) {
            throw new Refused(RecordError.MissingProperty, "data", "`data` must be a JSON object");
        }
        Instant start = time(data, "usageStartTime");
        Instant end = time(data, "usageEndTime");
        requireUsableTime(start, end);
        ResourceInstance instance = new ResourceInstance(
                subscription,
                text(data, "resourceUri", "data.resourceUri", MAX_URI),
                text(data, "location", "data.location", MAX_LOCATION),
                tags(data.path("tags")),
                json(data.path("additionalInfo"), "data.additionalInfo", MAX_ADDITIONAL_INFO));
        String meterId = text(data, "meterId", "data.meterId", MAX_METER);
        return new UsageRecord(source, id, meterId, instance, quantity(data.path("quantity")), start, end);
    }

    private static void requireExactly(JsonNode event, String name, String value) {
        if (!event.path(name).isTextual()) {
            throw new Refused(
                    RecordError.MissingProperty, name, "`" + name + "` is missing: expected \"" + value + "\"");
        }
        if (!event.path(name).textValue().equals(value)) {
            throw new Refused(RecordError.InvalidProperty, name, "`" + name + "` must be \"" + value + "\"");
        }
    }

    private static String text(JsonNode object, String name, String field, int max) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            throw new Refused(RecordError.MissingProperty, field, "`" + field + "` is missing: expected a string");
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new Refused(RecordError.InvalidProperty, field, "`" + field + "` must be a string that is not empty");
        }
        return clean(value.textValue(), field, max);
    }

    private static String clean(String text, String field, int max) {
        if (text.length() > max) {
            throw new Refused(
                    RecordError.TextTooLong, field, "`" + field + "` is over its limit of " + max + " characters");
        }
        if (!WireText.isClean(text)) {
            throw new Refused(
                    RecordError.InvalidText,
                    field,
                    "`" + field + "` holds NUL, another control character, or half of a surrogate pair");
        }
        return text;
    }

    private static Instant time(JsonNode data, String name) {
        String field = "data." + name;
        Instant time = WireTime.parse(text(data, name, field, 64))
                .orElseThrow(() -> new Refused(
                        RecordError.InvalidProperty, field, "`" + field + "` must be " + WireTime.EXPECTED));
        if (!time.equals(time.truncatedTo(ChronoUnit.MICROS))) {
            throw new Refused(
                    RecordError.InvalidProperty, field, "`" + field + "` must not be finer than microseconds");
        }
        return time;
    }

    private void requireUsableTime(Instant start, Instant end) {
        if (end.isBefore(start)
                || end.isAfter(start.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS))) {
            throw new Refused(
                    RecordError.UsageTimeNotWithinHour,
                    "data.usageEndTime",
                    "The usage time must lie within one UTC hour: " + start + " to " + end + " does not");
        }
        Instant now = clock.instant();
        if (start.isAfter(now.plus(MAX_AHEAD))) {
            throw new Refused(
                    RecordError.UsageTimeInFuture,
                    "data.usageStartTime",
                    "The usage time must not be more than 5 minutes ahead of " + now);
        }
        if (end.isBefore(now.minus(retention))) {
            throw new Refused(
                    RecordError.UsageTimeTooOld,
                    "data.usageStartTime",
                    "Usage before " + now.minus(retention) + " is not kept any more");
        }
    }

    private static BigDecimal quantity(JsonNode value) {
        String field = "data.quantity";
        if (value.isMissingNode() || value.isNull()) {
            throw new Refused(
                    RecordError.MissingProperty, field, "`" + field + "` is missing: expected a decimal number");
        }
        BigDecimal quantity;
        if (value.isNumber()) {
            quantity = value.decimalValue();
        } else if (value.isTextual() && DECIMAL.matcher(value.textValue()).matches()) {
            quantity = new BigDecimal(value.textValue());
        } else {
            throw new Refused(RecordError.InvalidQuantity, field, "`" + field + "` must be a finite decimal number");
        }
        // Stripping is safe for any exponent; nothing else is done with the number before its digits are counted.
        BigDecimal stripped = quantity.signum() == 0 ? BigDecimal.ZERO : quantity.stripTrailingZeros();
        long integerDigits = (long) stripped.precision() - stripped.scale();
        if (stripped.scale() > UsageRecord.MAX_SCALE
                || integerDigits > UsageRecord.MAX_PRECISION - UsageRecord.MAX_SCALE) {
            throw new Refused(
                    RecordError.QuantityOutOfRange,
                    field,
                    "`" + field + "` may have 15 digits after the point and 23 before it");
        }
        return stripped;
    }

    private static String tags(JsonNode tags) {
        if (!tags.isMissingNode() && !tags.isNull() && !tags.isObject()) {
            throw new Refused(RecordError.InvalidProperty, "data.tags", "`data.tags` must be an object of strings");
        }
        for (JsonNode value : tags) {
            if (!value.isTextual()) {
                throw new Refused(RecordError.InvalidProperty, "data.tags", "`data.tags` must be an object of strings");
            }
        }
        return tags.isEmpty() ? null : json(tags, "data.tags", MAX_TAGS);
    }

    private static String json(JsonNode value, String field, int max) {
        String text = CanonicalJson.of(value);
        if (text == null) {
            return null;
        }
        requireCleanTexts(value, field);
        return clean(text, field, max);
    }

    private static void requireCleanTexts(JsonNode value, String field) {
        if (value.isTextual()) {
            clean(value.textValue(), field, Integer.MAX_VALUE);
        }
        value.fieldNames().forEachRemaining(name -> clean(name, field, Integer.MAX_VALUE));
        value.forEach(child -> requireCleanTexts(child, field));
    }
}
