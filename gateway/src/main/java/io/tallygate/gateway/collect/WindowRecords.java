package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.gateway.http.Excerpt;
import io.tallygate.gateway.http.StrictJson;
import io.tallygate.gateway.http.StrictJson.MalformedJsonException;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.store.usage.FieldDigest;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.RecordError;
import io.tallygate.store.usage.UsageRecord;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.ToIntFunction;

/**
 * Makes usage records of the rows of one pull of one window, or of one reading of a file. Their identity is a function of
 * what the source said (source {@code collect:<name>}; id: the SHA-256 over subscription, meter, instance, start of usage,
 * start of the window or name of the file, and which of the rows it is that are alike in all of that), so that the same
 * window pulled again gives the same records: what was stored is a duplicate, and a figure that has changed is a conflict.
 *
 * <p>A row of a day becomes 24 records, {@code <id>/<hour>}, marked with {@code spreadFrom} in their additionalInfo. What
 * a record may hold is for {@link UsageRecordParser} to say, as for one that is posted. Not safe for several threads at
 * the same time.
 */
public final class WindowRecords {
    // The parser wants an id; the right one follows from what it makes of the rest.
    private static final String NO_ID_YET = "?";
    private static final String SPREAD_FROM = "spreadFrom";

    private final String source;
    private final String place;
    private final UsageRecordParser parser;
    private ToIntFunction<UUID> twins;

    /**
     * For one pull: the next one of the same window needs another.
     *
     * @param name the source's
     */
    public WindowRecords(String name, UsageWindow window, UsageRecordParser parser) {
        this(name, window.from().toString(), parser, countingTwins());
    }

    private WindowRecords(String name, String place, UsageRecordParser parser, ToIntFunction<UUID> twins) {
        this.source = UsageRecordParser.COLLECTED + name;
        this.place = place;
        this.parser = parser;
        this.twins = twins;
    }

    /**
     * For one reading of a file.
     *
     * @param name the source's
     * @param file under whose name it is stored
     * @param twins how many rows with this key were there before
     */
    public static WindowRecords ofFile(String name, String file, UsageRecordParser parser, ToIntFunction<UUID> twins) {
        return new WindowRecords(name, "file:" + file, parser, twins);
    }

    private static ToIntFunction<UUID> countingTwins() {
        Map<UUID, Integer> alike = new HashMap<>();
        return key -> alike.merge(key, 1, Integer::sum) - 1;
    }

    /** The next rows are of another listing: what is alike in both is there once. */
    public void beginAnew() {
        twins = countingTwins();
    }

    /** The records of the next row: one, or one an hour. A row that cannot be read is one refusal that names the field. */
    public List<Parsed> of(JsonNode row) {
        try {
            return of(pageRow(row));
        } catch (UnreadableUsageException reason) {
            String message = "`" + reason.field() + "`: " + reason.getMessage();
            return List.of(refused(IngestOutcome.rejected(error(reason), reason.field(), message)));
        }
    }

    /**
     * A usage aggregate as it stands in a page.
     *
     * @throws UnreadableUsageException if a property is missing or malformed
     */
    public static UsagePageRow pageRow(JsonNode row) throws UnreadableUsageException {
        return UsagePageRow.of(row, WindowRecords::instanceData);
    }

    /**
     * The records of the next row, which could be read.
     *
     * @throws UnreadableUsageException if it is of more than a day
     */
    public List<Parsed> of(UsagePageRow row) throws UnreadableUsageException {
        int hours = row.period().requireDay("usageStartTime", "usageEndTime").hours();
        List<Parsed> read = new ArrayList<>(hours);
        for (int hour = 0; hour < hours; hour++) {
            read.add(parser.parseCollected(event(row, hour)));
        }
        // Hours of one row may lie on both sides of a bound of time. In all else they are alike.
        UsageRecord first = read.stream()
                .map(Parsed::record)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (first == null) {
            return List.of(refused(read.get(0).refusal()));
        }
        String id = id(first, row.period().start());
        for (int hour = 0; hour < hours; hour++) {
            read.set(hour, identified(read.get(hour), hours == 1 ? id : id + "/" + hour, first));
        }
        return read;
    }

    // The texts of the instance are in memory once, not once an hour.
    private Parsed identified(Parsed parsed, String id, UsageRecord first) {
        UsageRecord record = parsed.record();
        return record == null
                ? new Parsed(source, id, null, parsed.refusal())
                : new Parsed(
                        source,
                        id,
                        new UsageRecord(
                                source,
                                id,
                                first.meterId(),
                                first.instance(),
                                record.quantity(),
                                record.usageStart(),
                                record.usageEnd()),
                        null);
    }

    private Parsed refused(IngestOutcome refusal) {
        return new Parsed(source, null, null, refusal);
    }

    private String id(UsageRecord record, Instant start) {
        FieldDigest fields = new FieldDigest()
                .field(record.instance().subscription().toString())
                .field(record.meterKey())
                .field(Base64Url.encode(record.instance().digest().getBytes()))
                .field(start.toString());
        // Without the place: it is the same for all rows, and that of a file is known only after a first reading.
        Buffer key = fields.digest();
        int before = twins.applyAsInt(new UUID(key.getLong(0), key.getLong(Long.BYTES)));
        return Base64Url.encode(
                fields.field(place).field(Integer.toString(before)).digest().getBytes());
    }

    private JsonNode event(UsagePageRow row, int hour) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("specversion", "1.0")
                .put("type", UsageRecordParser.TYPE)
                .put("source", source)
                .put("id", NO_ID_YET)
                .put("subject", row.subscriptionId());
        Instant start = row.period().hour(hour);
        event.putObject("data")
                .put("meterId", row.meterId())
                .put("resourceUri", row.resourceUri())
                .put("location", row.location())
                .put("usageStartTime", start.toString())
                .put("usageEndTime", start.plus(1, ChronoUnit.HOURS).toString())
                .put("quantity", row.spread().hour(hour))
                .<ObjectNode>set("tags", row.tags())
                .set("additionalInfo", row.period().hours() == 1 ? row.additionalInfo() : spread(row));
        return event;
    }

    private static ObjectNode spread(UsagePageRow row) {
        JsonNode said = row.additionalInfo();
        ObjectNode info = said instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        if (said != null && !said.isObject()) {
            info.set("additionalInfo", said);
        }
        // The source may have spread it already, from a longer time.
        if (!info.has(SPREAD_FROM)) {
            UsagePeriod period = row.period();
            info.put(SPREAD_FROM, period.start() + "/" + period.hour(period.hours()));
        }
        return info;
    }

    private static ObjectNode instanceData(String text) throws UnreadableUsageException {
        try {
            if (StrictJson.BODY.read(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (MalformedJsonException malformed) {
            throw UnreadableUsageException.property(
                    "instanceData", "expected a JSON object: " + Excerpt.oneLine(malformed.getMessage()));
        }
        throw UnreadableUsageException.property("instanceData", "expected a JSON object");
    }

    private static RecordError error(UnreadableUsageException reason) {
        return switch (reason.code()) {
            case "NotOnTheHour" -> RecordError.UsageTimeNotWithinHour;
            case "TooManyDigits" -> RecordError.QuantityOutOfRange;
            default -> RecordError.InvalidProperty;
        };
    }
}
