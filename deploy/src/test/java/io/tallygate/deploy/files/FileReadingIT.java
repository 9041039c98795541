package io.tallygate.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.gateway.collect.WindowRecords;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.store.usage.RecordError;
import io.tallygate.store.usage.UsageRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in a file, whatever somebody wrote into it. */
class FileReadingIT {
    private static final String SUBSCRIPTION = "3f0c1a52-6f5e-4a54-9d7b-0c8d6a2f1e11";
    private static final Instant HOUR = Instant.parse("2026-11-20T10:00:00Z");
    private static final UsageRecordParser PARSER = new UsageRecordParser(
            Clock.fixed(Instant.parse("2026-11-21T00:00:00Z"), ZoneOffset.UTC), Duration.ofDays(365));
    private static final String PAGE_ROW =
            "{\"properties\":{\"subscriptionId\":\"" + SUBSCRIPTION + "\",\"meterId\":\"M\",\"quantity\":0.10,"
                    + "\"usageStartTime\":\"2026-11-20T10:00:00+00:00\",\"usageEndTime\":\"2026-11-20T11:00:00+00:00\","
                    + "\"instanceData\":\"{\\\"Microsoft.Resources\\\":{\\\"resourceUri\\\":\\\"/r\\\",\\\"location\\\":\\\"l\\\"}}\"}}";

    @TempDir
    private Path directory;

    private record Read(List<Parsed> records, long rows, long skipped) {
        List<UsageRecord> taken() {
            return records.stream().map(Parsed::record).toList();
        }
    }

    private Read read(String name, byte[] bytes) throws IOException {
        return read(name, bytes, false);
    }

    private Read read(String name, byte[] bytes, boolean checked) throws IOException {
        Path path = Files.write(directory.resolve(name), bytes);
        FoundFile found = new FileDirectory(
                        new DirectoryConfig("in", "r", directory, Optional.empty(), Optional.empty(), Optional.empty()))
                .find(name)
                .orElseThrow();
        List<Parsed> records = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(path)) {
            FileReading reading =
                    FileReading.of(channel, found, WindowRecords.ofFile("in", name, PARSER, Twins.of(found)), checked);
            FileReading.Chunk chunk = new FileReading.Chunk(0, List.of(), false);
            while (!chunk.last()) {
                chunk = reading.next(2);
                records.addAll(chunk.records());
            }
            return new Read(records, reading.rows(), reading.skipped());
        }
    }

    private Read csv(String text) throws IOException {
        return read("usage.csv", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String row(String quantity) {
        return FocusText.row(SUBSCRIPTION, HOUR, "1", quantity);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void aRowIsARecordOfItsHour() throws IOException {
        Read read = csv("\uFEFF" + (FocusText.HEADER + row("0.000000000000001")).replace("\n", "\r\n"));
        assertThat(read.taken()).singleElement().satisfies(record -> {
            assertThat(record.source()).isEqualTo("collect:in");
            assertThat(record.id()).hasSize(43);
            assertThat(record.instance().subscription()).hasToString(SUBSCRIPTION);
            assertThat(record.instance().resourceUri()).isEqualTo("/vm/1");
            assertThat(record.instance().location()).isEqualTo("local");
            assertThat(record.instance().tags()).isEqualTo("{\"a\":\"b\"}");
            assertThat(record.quantity()).isEqualTo(new BigDecimal("0.000000000000001"));
            assertThat(record.usageStart()).isEqualTo(HOUR);
        });
    }

    @Test
    void aDayIsSpreadAndMarkedAndWhatIsNoUsageIsSkipped() throws IOException {
        Read read = csv(FocusText.HEADER
                + row("0.0003").replace("T10:00:00Z,", "T00:00:00Z,").replace("20T11:00:00Z", "21T00:00:00Z")
                + row("5").replace("Usage", "Tax")
                + row("NULL"));
        assertThat(read.taken()).hasSize(24).allSatisfy(record -> {
            assertThat(record.quantity()).isEqualByComparingTo("0.0000125");
            assertThat(record.instance().additionalInfo())
                    .contains("\"spreadFrom\":\"2026-11-20T00:00:00Z/2026-11-21T00:00:00Z\"");
        });
        assertThat(read.rows()).isEqualTo(3);
        assertThat(read.skipped()).isEqualTo(2);
    }

    @Test
    void microsoftsMeterIsTheMeter() throws IOException {
        String text = (FocusText.HEADER + row("1")).replace(",Tags\n", ",Tags,x_SkuMeterId\n");
        assertThat(csv(text.stripTrailing() + ",the-meter\n").taken().get(0).meterId())
                .isEqualTo("the-meter");
    }

    @Test
    void usageThatIsTooOldIsRefusedAndTheRestIsTaken() throws IOException {
        Read read = csv(FocusText.HEADER + row("1") + row("2").replace("2026-", "2020-"));
        assertThat(read.records().get(1).refusal().code()).isEqualTo(RecordError.UsageTimeTooOld);
        assertThat(read.records().get(1).refusal().message()).startsWith("line 3: ");
    }

    @Test
    void pagesAreReadWhereverTheyAre() throws IOException {
        String page = "{\"value\":[" + PAGE_ROW + "],\"nextLink\":\"https://elsewhere/?x\"}";
        for (String text : List.of(page + "\n" + page, page + "{\"value\":[]}" + page)) {
            assertThat(read("p.json", text.getBytes(StandardCharsets.UTF_8)).taken())
                    .extracting(UsageRecord::quantity)
                    .containsExactly(new BigDecimal("0.1"), new BigDecimal("0.1"));
        }
        assertThat(read("p.JSON.gz", gzip(page)).taken()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "ChargePeriodStart,ChargePeriodEnd| X,Y| line 1: `ChargePeriodStart`: the header has no column",
                "Tags| tags,SkuId| line 1: the header names no column, or the same one twice",
                ",local,| ,| line 2: expected 9 fields as in the header, found 8",
                ",local,| ,local,local,| line 2: expected 9 fields as in the header, found 10",
                ",1,/vm| ,one,/vm| line 2: `ConsumedQuantity`: expected a decimal number, found 'one'",
                ",1,/vm| ,1.0000000000000001,/vm| line 2: `ConsumedQuantity`: expected at most 23 digits before",
                "T10:00:00Z,| T10:15:00Z,| line 2: `ChargePeriodStart`: expected a time on the hour",
                "20T11:00:00Z| 22T11:00:00Z| line 2: `ChargePeriodEnd`: expected at most 24 hours after ChargePeriodStart",
                "2026-11-20| 2026-12-20| line 2: UsageTimeInFuture",
                "FAB6EB84-500B-4A09-A8CA-7358F8BBAEA5| NULL| line 2: `SkuId`: SkuId is null",
                "\"{| \"[| line 2: `Tags`: expected a JSON object",
                "/vm/1| /v\u0000m| line 2: InvalidText",
                "local| \u00e4\u00e4| from here on it is not UTF-8",
            })
    void aMalformedFileSaysWhereAndWhatWasExpected(String find, String with, String problem) {
        String text = (FocusText.HEADER + row("1")).replace(find, with.strip());
        byte[] bytes = text.getBytes(text.contains("\u00e4") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read("usage.csv", bytes))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining(problem.strip());
    }

    @Test
    void whatIsCutOffIsNotTaken() throws IOException {
        String whole = FocusText.HEADER + row("1") + row("2");
        byte[] gzip = gzip(whole);
        for (Map.Entry<String, byte[]> cut : Map.of(
                        "usage.csv", whole.substring(0, whole.length() - 1).getBytes(StandardCharsets.UTF_8),
                        "quoted.csv", whole.substring(0, whole.length() - 3).getBytes(StandardCharsets.UTF_8),
                        "row.csv", (FocusText.HEADER + "Usage,2026").getBytes(StandardCharsets.UTF_8),
                        "empty.csv", new byte[0],
                        "usage.csv.gz", Arrays.copyOf(gzip, gzip.length - 5),
                        "head.csv.gz", Arrays.copyOf(gzip, 5),
                        "none.csv.gz", whole.getBytes(StandardCharsets.UTF_8),
                        "p.json", ("{\"value\":[" + PAGE_ROW + "]").getBytes(StandardCharsets.UTF_8))
                .entrySet()) {
            assertThatThrownBy(() -> read(cut.getKey(), cut.getValue()))
                    .as(cut.getKey())
                    .isInstanceOf(UnusableFileException.class);
        }
        byte[] unended = whole.substring(0, whole.length() - 1).getBytes(StandardCharsets.UTF_8);
        assertThat(read("usage.csv", unended, true).taken())
                .as("with a checksum")
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{}| `value`: expected pages",
                "[{\"value\":[]}]| `value`: expected pages",
                "{\"error\":{\"code\":\"Throttled\"}}| `value`: expected pages",
                "7| `value`: expected pages",
                "{\"value\":null}| `value`: expected pages",
                "{\"value\":[],\"value\":[]}| line 1: from here on it is not JSON: Duplicate field",
                "{\"value\":[7]}| line 1: `properties`",
            })
    void whatIsNoPageIsNotTaken(String text, String problem) {
        assertThatThrownBy(() -> read("p.json", text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining(problem.strip());
    }

    @Test
    void noFieldAndNoRowFillsTheMemory() {
        String field = FocusText.HEADER + row("1").replace("/vm/1", "x".repeat(2 << 20));
        assertThatThrownBy(() -> csv(field)).isInstanceOf(UnusableFileException.class);
        assertThatThrownBy(() -> csv(FocusText.HEADER + ",".repeat(20 << 20) + "\n"))
                .isInstanceOf(UnusableFileException.class);
        assertThatThrownBy(() -> read(
                        "p.json", ("{\"value\":[{\"a\":[" + "0,".repeat(10 << 20)).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("a row is longer than");
    }
}
