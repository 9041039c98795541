package io.tallygate.deploy.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.tallygate.deploy.client.ExactJson;
import io.tallygate.gateway.http.Excerpt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An endpoint's own book as a file: a JSON array, NDJSON, the answer of the demo's endpoint ({@code {"subscriptions":
 * [{"resourceId", "events": […]}]}}) or CSV with a header. The columns are {@code key}, {@code payer} or
 * {@code resourceId}, {@code dimension}, {@code effectiveTime} or {@code effectiveStartTime}, {@code quantity}; others do
 * not count.
 */
final class BookFile {
    private static final List<String> CSV_COLUMNS = List.of(
            "key",
            "payerSubscriptionId",
            "payer",
            "resourceId",
            "dimension",
            "effectiveTime",
            "effectiveStartTime",
            "quantity");

    private BookFile() {}

    /**
     * Reads a file whole.
     *
     * @throws IllegalArgumentException if it is not as expected, with its name and the place
     */
    static List<BookLine> read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(file + " is not a readable file");
        }
        String text = Files.readString(file).strip();
        try {
            return text.startsWith("[") || text.startsWith("{") ? json(text) : csv(text);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(
                    file + " is not JSON: " + Excerpt.oneLine(malformed.getOriginalMessage()), malformed);
        } catch (CsvParseException malformed) {
            throw new IllegalArgumentException(
                    file + " is not CSV: " + Excerpt.oneLine(malformed.getMessage()), malformed);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(file + ", " + wrong.getMessage(), wrong);
        }
    }

    private static List<BookLine> json(String text) throws IOException {
        List<BookLine> lines = new ArrayList<>();
        try (MappingIterator<JsonNode> documents = ExactJson.MAPPER
                .readerFor(JsonNode.class)
                .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readValues(text)) {
            while (documents.hasNextValue()) {
                add(documents.nextValue(), lines);
            }
        }
        return lines;
    }

    private static void add(JsonNode document, List<BookLine> lines) {
        if (document.isArray()) {
            document.forEach(element -> lines.add(line(element, lines, null)));
        } else if (document.path("subscriptions").isArray()) {
            for (JsonNode subscription : document.path("subscriptions")) {
                if (!subscription.path("events").isArray()) {
                    throw new IllegalArgumentException(
                            "a subscription has no `events`: the book must list them (?events=true)");
                }
                subscription
                        .path("events")
                        .forEach(event -> lines.add(line(event, lines, subscription.get("resourceId"))));
            }
        } else {
            lines.add(line(document, lines, null));
        }
    }

    private static BookLine line(JsonNode element, List<BookLine> before, JsonNode payer) {
        if (!(element instanceof ObjectNode fields)) {
            throw new IllegalArgumentException("entry " + (before.size() + 1) + ": expected a JSON object");
        }
        if (payer != null) {
            fields.set("resourceId", payer);
        }
        return BookLine.of(before.size() + 1, fields);
    }

    private static List<BookLine> csv(String text) throws IOException {
        List<BookLine> lines = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(text)) {
            for (NamedCsvRecord row : rows) {
                ObjectNode fields = OperatorClient.object();
                for (String column : CSV_COLUMNS) {
                    row.findField(column)
                            .filter(value -> !value.isBlank())
                            .ifPresent(value -> fields.put(column, value));
                }
                lines.add(BookLine.of(lines.size() + 1, fields));
            }
        }
        return lines;
    }
}
