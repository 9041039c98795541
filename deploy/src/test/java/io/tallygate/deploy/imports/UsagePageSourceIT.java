package io.tallygate.deploy.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.ExactJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsagePageSourceIT {
    private static final String INSTANCE =
            "{\\\"Microsoft.Resources\\\":{\\\"resourceUri\\\":\\\"/r/1\\\",\\\"location\\\":\\\"local\\\","
                    + "\\\"tags\\\":null,\\\"additionalInfo\\\":{\\\"size\\\":1.10}}}";

    @TempDir
    Path directory;

    private static String aggregate(String start, String end, String quantity) {
        return "{\"id\":\"/x\",\"name\":\"n\",\"type\":\"Microsoft.Commerce/UsageAggregate\",\"properties\":{"
                + "\"subscriptionId\":\"3f0c1a52-6f5e-4a54-9d7b-0c8d6a2f1e11\",\"usageStartTime\":\"" + start
                + "\",\"usageEndTime\":\"" + end + "\",\"instanceData\":\"" + INSTANCE + "\",\"quantity\":" + quantity
                + ",\"meterId\":\"F271A8A388C44D93956A063E1D2FA80B\"}}";
    }

    private static String hour(String quantity) {
        return aggregate("2024-09-18T22:00:00+00:00", "2024-09-18T23:00:00+00:00", quantity);
    }

    @Test
    void anHourlyAggregateBecomesARecord() throws IOException {
        JsonNode event = Items.events(Items.of(
                        directory,
                        "{\"value\":[" + hour("12345678901234567890.000000000000001")
                                + "],\"nextLink\":\"https://h/?a=b\"}"))
                .get(0);
        String expected = """
                {"specversion":"1.0","type":"io.tallygate.usage.v1","source":"SOURCE","id":"1/0",
                "subject":"3f0c1a52-6f5e-4a54-9d7b-0c8d6a2f1e11","data":{"meterId":"F271A8A388C44D93956A063E1D2FA80B",
                "resourceUri":"/r/1","location":"local","additionalInfo":{"size":1.10},
                "quantity":12345678901234567890.000000000000001,
                "usageStartTime":"2024-09-18T22:00:00Z","usageEndTime":"2024-09-18T23:00:00Z"}}
                """.replace("SOURCE", event.get("source").asText());
        assertThat(event).isEqualTo(ExactJson.MAPPER.readTree(expected));
        assertThat(event.get("source").asText()).matches("usage-api:[0-9a-f]{64}");
    }

    @Test
    void aDailyAggregateIsSpread() throws IOException {
        List<JsonNode> events = Items.events(Items.of(
                directory,
                "{\"value\":[" + aggregate("2024-09-18T00:00:00+00:00", "2024-09-19T00:00:00+00:00", "1") + "]}"));
        assertThat(events).hasSize(24);
        assertThat(events.stream()
                        .map(event -> event.at("/data/quantity").decimalValue())
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("1");
        assertThat(events.get(23).get("id").asText()).isEqualTo("1/23");
    }

    @Test
    void severalPagesInAFileAreNumberedThrough() throws IOException {
        List<ImportItem> items = Items.of(
                directory,
                "{\n \"odata\": {\"value\":[1,2]}, \"value\": [\n" + hour("1") + ",\n" + hour("2") + "]}\n"
                        + "{\"value\":[], \"other\": [[{}]]}\n{\"value\":[\n" + hour("3") + "]}\n");
        assertThat(Items.events(items).stream().map(event -> event.get("id").asText()))
                .containsExactly("1/0", "2/0", "3/0");
        assertThat(items.stream().map(ImportItem::line)).containsExactly(3L, 4L, 7L);
    }

    @Test
    void pagesSavedByWindowsPowerShellAreUtf16() throws IOException {
        Path path = directory.resolve("utf16.json");
        Files.write(path, ("\uFEFF{\"value\":[" + hour("1") + "]}").getBytes(StandardCharsets.UTF_16LE));
        InputFile file = InputFile.of(path);
        assertThat(Items.events(Items.of(file, InputFormat.detect(file)))).hasSize(1);
    }

    @Test
    void aBadAggregateDoesNotFailItsNeighbours() throws IOException {
        List<ImportItem> items = Items.of(
                directory,
                "{\"value\":[\n" + hour("\"1.5\"") + ",\n{\"id\":1},\n"
                        + hour("1").replace("Microsoft.Resources", "Other") + ",\n" + hour("1e-30") + ",\n"
                        + hour("1").replace("1.10", "1e99999999") + ",\n"
                        + aggregate("2024-09-18T22:30:00+00:00", "2024-09-18T23:00:00+00:00", "1") + ",\n" + hour("2")
                        + "]}");
        assertThat(Items.events(items)).hasSize(2);
        assertThat(Items.refusals(items))
                .extracting(Refusal::line, Refusal::id, Refusal::code, Refusal::field)
                .containsExactly(
                        tuple(3L, "2", "InvalidProperty", "properties"),
                        tuple(4L, "3", "InvalidProperty", "instanceData"),
                        tuple(5L, "4", "TooManyDigits", "quantity"),
                        tuple(6L, "5", "InvalidProperty", "instanceData"),
                        tuple(7L, "6", "NotOnTheHour", "usageStartTime"));
    }

    @Test
    void aTruncatedFileEndsWithItsLine() throws IOException {
        List<ImportItem> items = Items.of(
                directory, "{\"value\":[\n" + hour("1") + ",\n" + hour("2").substring(0, 90));
        assertThat(Items.events(items)).hasSize(1);
        assertThat(Items.refusals(items))
                .extracting(Refusal::line, Refusal::code)
                .containsExactly(tuple(3L, "MalformedJson"));
    }
}
