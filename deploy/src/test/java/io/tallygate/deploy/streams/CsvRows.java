package io.tallygate.deploy.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.tallygate.gateway.export.CsvCell;
import java.util.List;
import java.util.Set;

/** A CSV answer as another program's reader understands it, and what its rows were in JSON. */
final class CsvRows {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> NOT_TEXT = Set.of("UsageStartTime", "UsageEndTime", "Quantity");
    private static final String FORMULA = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private final List<NamedCsvRecord> records;

    private CsvRows(List<NamedCsvRecord> records) {
        this.records = records;
    }

    static CsvRows parse(String csv) {
        assertThat(csv).endsWith("\r\n").doesNotStartWith("\uFEFF");
        return new CsvRows(CsvReader.builder().ofNamedCsvRecord(csv).stream().toList());
    }

    List<NamedCsvRecord> records() {
        return records;
    }

    /** The rows as the JSON formats have them, on a route whose rows are of this type. */
    List<String> json(String type) {
        return records.stream().map(row -> json(row, type)).toList();
    }

    /** No cell may make a spreadsheet compute, but for numbers and times, which are ours. */
    void assertHarmless() {
        for (NamedCsvRecord row : records) {
            row.getFieldsAsMap().forEach((column, cell) -> {
                if (!cell.isEmpty() && !NOT_TEXT.contains(column)) {
                    assertThat(FORMULA.indexOf(cell.charAt(0)))
                            .as(column + ": " + cell)
                            .isNegative();
                }
            });
            assertThat(row.getField("Quantity")).matches("-?\\d+(\\.\\d+)?");
            assertThat(row.getField("UsageStartTime")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:00:00\\+00:00");
            assertThat(row.getField("UsageEndTime")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:00:00\\+00:00");
        }
    }

    private static String json(NamedCsvRecord row, String type) {
        String subscription = row.getField("subscription");
        String name = row.getField("name");
        String resource = "{\"Microsoft.Resources\":{\"resourceUri\":" + quoted(text(row, "resourceUri"))
                + ",\"location\":" + quoted(text(row, "location"))
                + ",\"tags\":" + jsonOrNull(row, "tags")
                + ",\"additionalInfo\":" + jsonOrNull(row, "additionalInfo") + "}}";
        return "{\"id\":\"/subscriptions/" + subscription + "/providers/" + type + "/" + name + "\",\"name\":\"" + name
                + "\",\"type\":\"" + type + "\",\"properties\":{\"subscriptionId\":\"" + subscription
                + "\",\"usageStartTime\":\"" + row.getField("UsageStartTime")
                + "\",\"usageEndTime\":\"" + row.getField("UsageEndTime")
                + "\",\"instanceData\":" + quoted(resource)
                + ",\"quantity\":" + row.getField("Quantity")
                + ",\"meterId\":" + quoted(text(row, "MeterId"))
                + ",\"meterName\":" + quoted(text(row, "MeterName"))
                + ",\"unit\":" + quoted(text(row, "Unit")) + "}}";
    }

    private static String text(NamedCsvRecord row, String column) {
        return CsvCell.plain(row.getField(column));
    }

    private static String jsonOrNull(NamedCsvRecord row, String column) {
        return row.getField(column).isEmpty() ? "null" : text(row, column);
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
