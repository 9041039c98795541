package io.tallygate.deploy.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.ExactJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FocusSourceIT {
    private static final String HEADER =
            "\"BillingAccountId\",\"ChargePeriodStart\",\"ChargePeriodEnd\",\"ConsumedQuantity\",\"RegionId\","
                    + "\"ResourceId\",\"ServiceName\",\"SkuId\",\"SubAccountId\",\"Tags\"\n";

    @TempDir
    Path directory;

    private static String row(String start, String end, String quantity) {
        return "\"b\",\"" + start + "\",\"" + end + "\"," + quantity + ",NULL,NULL,\"Big Store\",\"K1\",\"s\",NULL\n";
    }

    private List<ImportItem> items(String rows) throws IOException {
        return Items.of(directory, HEADER + rows);
    }

    @Test
    void aRowBecomesARecord() throws IOException {
        List<ImportItem> items = items(
                "\"b\",\"2024-09-18 22:00:00\",\"2024-09-18 23:00:00\",0.002007490000000,"
                        + "\"us-west-2\",\"arn:x:1\",\"Big Store\",\"K1\",\"51738928782\",\"{\"\"a\"\": \"\"b\"\", \"\"n\"\": 1.50}\"\n");
        JsonNode event = Items.events(items).get(0);
        String expected = """
                {"specversion":"1.0","type":"io.tallygate.usage.v1","source":"SOURCE","id":"2/0",
                "subject":"SUBJECT","data":{"meterId":"K1","resourceUri":"arn:x:1","location":"us-west-2",
                "tags":{"a":"b","n":"1.50"},"additionalInfo":{"BillingAccountId":"b","SubAccountId":"51738928782"},
                "quantity":0.00200749,"usageStartTime":"2024-09-18T22:00:00Z","usageEndTime":"2024-09-18T23:00:00Z"}}
                """.replace("SOURCE", event.get("source").asText())
                .replace("SUBJECT", FocusIds.subscriptionId("51738928782").toString());
        assertThat(event).isEqualTo(ExactJson.MAPPER.readTree(expected));
        assertThat(event.get("source").asText()).matches("focus:[0-9a-f]{64}");
        assertThat(items.get(0).line()).isEqualTo(2);
    }

    @Test
    void withoutResourceAndRegionItGetsOnesOfItsOwn() throws IOException {
        JsonNode data = Items.events(items(row("2024-09-18 22:00:00", "2024-09-18 23:00:00", "1")))
                .get(0)
                .get("data");
        assertThat(data.get("resourceUri").asText())
                .isEqualTo("/subscriptions/" + FocusIds.subscriptionId("s")
                        + "/resourceGroups/none/providers/FOCUS/Big Store/K1");
        assertThat(data.get("location").asText()).isEqualTo("global");
        assertThat(data.has("tags")).isFalse();
    }

    @Test
    void aDayIsSpreadOverItsHours() throws IOException {
        List<JsonNode> events = Items.events(items(row("2024-09-18 00:00:00", "2024-09-19 00:00:00", "0.0003")));
        assertThat(events).hasSize(24);
        assertThat(events.get(23).get("id").asText()).isEqualTo("2/23");
        assertThat(events.get(23).at("/data/usageStartTime").asText()).isEqualTo("2024-09-18T23:00:00Z");
        assertThat(events.get(23).at("/data/quantity").decimalValue()).isEqualByComparingTo("0.0000125");
    }

    @Test
    void linesArePhysicalLines() throws IOException {
        List<ImportItem> items = items(row("2024-09-18 22:00:00", "2024-09-18 23:00:00", "1")
                + "\"b\",\"2024-09-18 22:00:00\",\"2024-09-18 23:00:00\",2,NULL,NULL,\"S\",\"K\",\"s\",\"{\n\"\"a\"\":\n\"\"b\"\"}\"\r\n"
                + row("2024-09-18 22:15:00", "2024-09-18 23:00:00", "3")
                + row("2024-09-18 22:00:00", "2024-09-18 23:00:00", "NULL"));
        assertThat(items.stream().map(ImportItem::line)).containsExactly(2L, 3L, 6L, 7L);
        assertThat(items.get(2)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.code()).isEqualTo("NotOnTheHour");
            assertThat(refusal.field()).isEqualTo("ChargePeriodStart");
        });
        assertThat(items.get(3)).isInstanceOf(ImportItem.Skipped.class);
    }

    @Test
    void aQuotedNullIsText() throws IOException {
        JsonNode data = Items.events(
                        items(
                                "\"b\",\"2024-09-18 22:00:00\",\"2024-09-18 23:00:00\",1,\"NULL\",NULL,\"S\",\"K\",\"s\",NULL\n"))
                .get(0)
                .get("data");
        assertThat(data.get("location").asText()).isEqualTo("NULL");
    }

    @Test
    void aBadRowDoesNotFailItsNeighbours() throws IOException {
        List<ImportItem> items = items(row("2024-09-18 22:00:00", "2024-09-18 23:00:00", "1")
                + "\"too\",\"few\"\n"
                + row("2024-09-18 22:00:00", "2024-09-18 23:00:00", "many")
                + "\"b\",\"2024-09-18 22:00:00\",\"2024-09-18 23:00:00\",1,NULL,NULL,\"S\",NULL,\"s\",NULL\n"
                + "\"b\",\"2024-09-18 22:00:00\",\"2024-09-18 23:00:00\",1,NULL,NULL,\"S\",\"K\",\"s\",\"[1]\"\n"
                + row("2024-09-18 22:00:00", "2024-09-18 23:00:00", "2"));
        assertThat(Items.events(items)).hasSize(2);
        assertThat(Items.refusals(items))
                .extracting(Refusal::line, Refusal::code, Refusal::field)
                .containsExactly(
                        tuple(3L, "MalformedCsv", null),
                        tuple(4L, "InvalidProperty", "ConsumedQuantity"),
                        tuple(5L, "InvalidProperty", "SkuId"),
                        tuple(6L, "InvalidProperty", "Tags"));
    }

    @Test
    void whatIsNotUtf8EndsTheFileWithItsLine() throws IOException {
        Path path = directory.resolve("latin1.csv");
        String rows = row("2024-09-18 22:00:00", "2024-09-18 23:00:00", "1").repeat(3) + "\"n\u00e4ht\"\n";
        Files.write(path, (HEADER + rows).getBytes(StandardCharsets.ISO_8859_1));
        List<ImportItem> items = Items.of(InputFile.of(path), InputFormat.focus);
        assertThat(items.get(items.size() - 1))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.message()).contains("UTF-8"));
    }

    @Test
    void aHeaderWithoutANeededColumnIsNamed() throws IOException {
        Path path =
                Files.writeString(directory.resolve("short.csv"), "\"ChargePeriodStart\",\"ChargePeriodEnd\"\n1,2\n");
        assertThat(Items.refusals(Items.of(InputFile.of(path), InputFormat.focus)))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.message()).contains("no column ConsumedQuantity"));
    }

    /** What is posted adds up to the file's ConsumedQuantity per SubAccount, read here without the code under test. */
    @Test
    void sumsPerSubAccountEqualTheFilesToTheLastDigit() throws IOException, URISyntaxException {
        Path sample = Path.of(FocusSourceIT.class.getResource("focus.csv").toURI());
        Map<String, BigDecimal> expected = new HashMap<>();
        Matcher rows = Pattern.compile("00:00\",(-?\\d+\\.\\d{15}),.*?\"(sub-\\d|3f0c1a52[^\"]*)\"", Pattern.DOTALL)
                .matcher(Files.readString(sample));
        int usageRows = 0;
        for (; rows.find(); usageRows++) {
            expected.merge(
                    FocusIds.subscriptionId(rows.group(2)).toString(), new BigDecimal(rows.group(1)), BigDecimal::add);
        }
        assertThat(usageRows).isEqualTo(59);
        List<ImportItem> items = Items.of(InputFile.of(sample), InputFormat.focus);
        Map<String, BigDecimal> posted = new HashMap<>();
        Set<String> ids = new HashSet<>();
        for (JsonNode event : Items.events(items)) {
            posted.merge(
                    event.get("subject").asText(), event.at("/data/quantity").decimalValue(), BigDecimal::add);
            assertThat(ids.add(event.get("id").asText())).isTrue();
        }
        assertThat(expected).hasSize(4);
        assertThat(posted)
                .usingRecursiveComparison()
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .isEqualTo(expected);
        assertThat(Items.refusals(items)).isEmpty();
        assertThat(items.stream().filter(ImportItem.Skipped.class::isInstance)).hasSize(1);
    }
}
