package io.tallygate.deploy.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.deploy.client.CommandProgress;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetFileIT {
    private static final String HEADER = "UsageStartTime,Quantity,Unit,tags,tenant\r\n";

    @TempDir
    Path directory;

    private String schema;
    private int groups;

    private DigestingOutput convert(String csv) throws IOException {
        Path source = Files.writeString(directory.resolve("usage.csv"), csv);
        RowRate progress = new RowRate(new Silent(), Clock.systemUTC(), 0);
        return ParquetFile.write(source, directory.resolve("usage.parquet"), "2026-11-20T22:00:00Z", progress);
    }

    private List<Group> read() throws IOException {
        List<Group> rows = new ArrayList<>();
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new GzipCodec())
                .build();
        try (ParquetFileReader file =
                ParquetFileReader.open(new LocalInputFile(directory.resolve("usage.parquet")), options)) {
            MessageType type = file.getFooter().getFileMetaData().getSchema();
            schema = type.toString();
            assertThat(file.getFooter().getFileMetaData().getKeyValueMetaData())
                    .containsEntry("tallygate.completeThrough", "2026-11-20T22:00:00Z");
            for (PageReadStore group = file.readNextRowGroup(); group != null; group = file.readNextRowGroup()) {
                groups++;
                RecordReader<Group> reader =
                        new ColumnIOFactory().getColumnIO(type).getRecordReader(group, new GroupRecordConverter(type));
                for (long row = 0; row < group.getRowCount(); row++) {
                    rows.add(reader.read());
                }
            }
        }
        return rows;
    }

    private static BigDecimal quantity(Group row) {
        return new BigDecimal(new BigInteger(row.getBinary("Quantity", 0).getBytes()), 15);
    }

    @Test
    void timesQuantitiesAndTextsAreExact() throws IOException {
        convert(HEADER
                + "2026-11-20T05:00:00+00:00,12345678901234567890123.123456789012345,\"1 \"\"Hour\"\",\r\nü\",\"{\"\"k\"\":1}\",t1\r\n"
                + "1969-12-31T23:00:00+00:00,-0.000000000000001,'=1+1,,\r\n"
                + "2026-11-20T05:00:00+00:00,0,''quoted,,\r\n");

        List<Group> rows = read();

        assertThat(rows).hasSize(3);
        assertThat(quantity(rows.get(0))).isEqualByComparingTo("12345678901234567890123.123456789012345");
        assertThat(quantity(rows.get(1))).isEqualByComparingTo("-0.000000000000001");
        assertThat(quantity(rows.get(2))).isZero();
        assertThat(rows.get(0).getLong("UsageStartTime", 0))
                .isEqualTo(Instant.parse("2026-11-20T05:00:00Z").toEpochMilli());
        assertThat(rows.get(1).getLong("UsageStartTime", 0)).isEqualTo(-3_600_000);
        assertThat(rows)
                .extracting(row -> row.getString("Unit", 0))
                .containsExactly("1 \"Hour\",\r\nü", "=1+1", "'quoted");
        assertThat(rows.get(0).getString("tags", 0)).isEqualTo("{\"k\":1}");
        assertThat(rows).extracting(row -> row.getFieldRepetitionCount("tags")).containsExactly(1, 0, 0);
        assertThat(schema)
                .contains("required int64 UsageStartTime (TIMESTAMP(MILLIS,true))")
                .contains("required fixed_len_byte_array(16) Quantity (DECIMAL(38,15))")
                .contains("optional binary tags (JSON)")
                .contains("optional binary tenant (STRING)");
    }

    @Test
    void manyRowsAreSeveralGroups() throws IOException {
        StringBuilder csv = new StringBuilder(HEADER);
        // What does not compress: a group is as large as its rows are on disk.
        Random random = new Random(1);
        byte[] noise = new byte[150];
        for (int row = 0; row < 120_000; row++) {
            random.nextBytes(noise);
            csv.append("2026-11-20T05:00:00+00:00,").append(row).append(".25,unit,");
            csv.append(HexFormat.of().formatHex(noise)).append(",t\r\n");
        }
        DigestingOutput written = convert(csv.toString());

        List<Group> rows = read();
        assertThat(rows).hasSize(120_000);
        assertThat(groups).isGreaterThan(1);
        assertThat(quantity(rows.get(119_999))).isEqualByComparingTo("119999.25");
        assertThat(written.bytes()).isEqualTo(Files.size(directory.resolve("usage.parquet")));
    }

    @Test
    void noRowsAreAFileWithoutRows() throws IOException {
        convert(HEADER);
        assertThat(read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100000000000000000000000.5", "-100000000000000000000000", "0.0000000000000001", "NaN"})
    void aQuantityThatDoesNotFitLeavesNothing(String quantity) {
        assertThatThrownBy(() -> convert(HEADER + "2026-11-20T05:00:00+00:00,1,u,,t\r\n2026-11-20T06:00:00+00:00,"
                        + quantity + ",u,,t\r\n"))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("row 2 ")
                .hasMessageContaining(quantity + " does not fit into DECIMAL(38, 15)");
        assertThat(directory.resolve("usage.parquet")).doesNotExist();
    }

    private static final class Silent implements CommandProgress {
        @Override
        public void advanced(long done, String detail) {
            // Nobody watches.
        }

        @Override
        public void notice(String text) {
            // Nobody watches.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
