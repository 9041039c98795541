package io.tallygate.deploy.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files to import, in each of their formats: whatever is in them becomes usage or is refused with its line, and nothing
 * ends the import but the end of the file.
 */
final class UsageFileFuzzTest {
    // A row of FOCUS may stand for a year of hours, which are all alike.
    private static final int ENOUGH = 200;
    private static final int MAX_MESSAGE = 800;

    private static Path path;

    @DictionaryEntries({
        "ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,SubAccountId,SkuId,Tags",
        "2024-09-18 22:00:00,2024-09-18 23:00:00,",
        "NULL",
        "\"\"",
        "\"{\"\"a\"\":\"\"b\"\"}\"",
        "1e999",
        "0.000000000000001",
        "{\"value\":[{\"properties\":{",
        "\"usageStartTime\":\"2024-09-18T00:00:00+00:00\"",
        "\"usageEndTime\":\"2024-09-19T00:00:00+00:00\"",
        "\"instanceData\":\"{\\\"Microsoft.Resources\\\":{",
        "\"quantity\":1e-400"
    })
    @FuzzTest
    void isUsageOrRefusedWithItsLine(byte[] content) throws IOException {
        InputFile file = file(content);
        FocusCatalogue catalogue = FocusCatalogue.read(file);
        assertThat(catalogue.remarks()).allSatisfy(remark -> assertThat(remark).doesNotContain("\n"));
        for (InputFormat format : InputFormat.values()) {
            read(file, format);
        }
    }

    private static InputFile file(byte[] content) throws IOException {
        if (path == null) {
            path = Files.createTempFile("usage", ".txt");
            path.toFile().deleteOnExit();
        }
        Files.write(path, content);
        return InputFile.of(path);
    }

    private static void read(InputFile file, InputFormat format) throws IOException {
        long line = 1;
        int items = 0;
        try (UsageSource source = format.open(file)) {
            for (ImportItem item = source.next(); item != null && items < ENOUGH; item = source.next()) {
                items++;
                assertThat(item.line()).as("%s", item).isGreaterThanOrEqualTo(line);
                line = item.line();
                check(item);
            }
            assertThat(source.bytesRead()).isLessThanOrEqualTo(file.size());
        }
    }

    private static void check(ImportItem item) throws IOException {
        if (item instanceof ImportItem.Event event) {
            assertThat(event.json().toString(StandardCharsets.ISO_8859_1).indexOf('\n'))
                    .isNegative();
            oneObject(event.json().getBytes());
        } else if (item instanceof Refusal refusal) {
            assertThat(refusal.code()).isNotBlank();
            assertThat(refusal.message()).isNotBlank().hasSizeLessThan(MAX_MESSAGE);
        }
    }

    private static void oneObject(byte[] json) throws IOException {
        try (JsonParser parser = JsonText.PASSED_ON.createParser(json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            parser.skipChildren();
            assertThat(parser.nextToken()).isNull();
        }
    }
}
