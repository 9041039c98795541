package io.tallygate.routing.commerce;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.outbound.AnswerJson;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rows of one event of the adapter {@code file}, read from its fixed bytes.
 *
 * @param rows each with all {@link #COLUMNS}
 */
record UsageFile(List<JsonNode> rows) {
    /**
     * The fields of a line and the columns of the CSV, in their order. Quantities are exact decimals in plain notation,
     * times UTC; tags and additionalInfo are JSON, in the CSV as text.
     */
    static final List<String> COLUMNS = List.of(
            "key",
            "payer",
            "subscription",
            "tenant",
            "reportedTime",
            "seq",
            "kind",
            "fallback",
            "meterId",
            "meterName",
            "unit",
            "dimension",
            "resourceUri",
            "location",
            "tags",
            "additionalInfo",
            "usageTime",
            "quantity",
            "recordCount");

    /** The sums of rows. */
    record Sum(long rows, BigDecimal quantity, long recordCount) {
        static final Sum NONE = new Sum(0, BigDecimal.ZERO, 0);

        private Sum with(JsonNode row) {
            return new Sum(
                    rows + 1,
                    quantity.add(row.path("quantity").decimalValue()),
                    recordCount + row.path("recordCount").longValue());
        }

        /** Adds the three to an object. */
        JsonText appendTo(JsonText object) {
            return object.number("rows", rows).number("quantity", quantity).number("recordCount", recordCount);
        }
    }

    /** The bytes of an event: NDJSON, a line for each row. */
    static Buffer lines(EventContent content) {
        Buffer lines = Buffer.buffer();
        for (EventContent.Row row : content.rows()) {
            lines.appendString(line(content, row)).appendString("\n");
        }
        return lines;
    }

    private static String line(EventContent content, EventContent.Row row) {
        return new JsonText()
                .string("key", content.key())
                .string("payer", content.payer())
                .string("subscription", row.subscription())
                .string("tenant", row.tenant())
                .string("reportedTime", row.reportedTime())
                .number("seq", row.seq())
                .string("kind", row.kind())
                .json("fallback", Boolean.toString(row.fallback()))
                .string("meterId", row.meterId())
                .string("meterName", row.meterName())
                .string("unit", row.unit())
                .string("dimension", row.dimension())
                .string("resourceUri", row.resourceUri())
                .string("location", row.location())
                .json("tags", row.tags())
                .json("additionalInfo", row.additionalInfo())
                .string("usageTime", row.usageTime())
                .number("quantity", row.quantity())
                .number("recordCount", row.recordCount())
                .toString();
    }

    /** The rows of an event's bytes; nothing if they are not such bytes. */
    static Optional<UsageFile> read(Buffer body) {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : body.toString(StandardCharsets.UTF_8).split("\n", -1)) {
            Optional<JsonNode> row = AnswerJson.read(Buffer.buffer(line));
            if (!line.isEmpty() && row.isEmpty()) {
                return Optional.empty();
            }
            row.ifPresent(rows::add);
        }
        return Optional.of(new UsageFile(rows));
    }

    /** The rows as CSV (RFC 4180) with a header line; nothing and an empty text are the same in it. */
    Buffer csv() {
        Buffer csv = Buffer.buffer(String.join(",", COLUMNS)).appendString("\r\n");
        for (JsonNode row : rows) {
            csv.appendString(COLUMNS.stream().map(name -> cell(row.path(name))).collect(Collectors.joining(",")))
                    .appendString("\r\n");
        }
        return csv;
    }

    private static String cell(JsonNode value) {
        String text = value.isTextual()
                ? value.textValue()
                : Optional.ofNullable(CanonicalJson.of(value)).orElse("");
        boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    /** The sum of all rows. */
    Sum total() {
        Sum sum = Sum.NONE;
        for (JsonNode row : rows) {
            sum = sum.with(row);
        }
        return sum;
    }

    /** The sums for each dimension and unit, as a JSON array in order. */
    String sums() {
        TreeMap<String, UsageFile> groups = new TreeMap<>();
        for (JsonNode row : rows) {
            String group = new JsonText()
                    .string("dimension", row.path("dimension").textValue())
                    .string("unit", row.path("unit").textValue())
                    .toString();
            groups.computeIfAbsent(group, none -> new UsageFile(new ArrayList<>()))
                    .rows()
                    .add(row);
        }
        return groups.values().stream().map(UsageFile::groupSum).collect(Collectors.joining(",", "[", "]"));
    }

    private String groupSum() {
        return total().appendTo(new JsonText()
                        .string("dimension", rows.get(0).path("dimension").textValue())
                        .string("unit", rows.get(0).path("unit").textValue()))
                .toString();
    }
}
