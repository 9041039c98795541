package io.tallygate.deploy.exports;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;

/** Makes a Parquet file of the gateway's CSV, row by row, in constant memory. */
final class ParquetFile {
    private static final String COMPLETE_THROUGH = "tallygate.completeThrough";
    private static final long ROW_GROUP = 16L << 20;

    private ParquetFile() {}

    /**
     * Writes the file.
     *
     * @param csv verified
     * @param completeThrough what its metadata says under {@code tallygate.completeThrough}; null if that is not known
     * @return how much was written, and its digest
     * @throws ExportException if a row does not fit, naming it; nothing is left
     */
    static DigestingOutput write(Path csv, Path target, String completeThrough, RowRate progress) throws IOException {
        ParquetTarget file = new ParquetTarget(target);
        boolean done = false;
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(csv)) {
            Iterator<CsvRecord> rows = reader.iterator();
            if (!rows.hasNext()) {
                throw ExportException.worthless("the rows have no header");
            }
            List<String> header = rows.next().getFields();
            Map<String, String> metadata =
                    completeThrough == null ? Map.of() : Map.of(COMPLETE_THROUGH, completeThrough);
            try (ParquetWriter<List<String>> writer = new Builder(file, header)
                    .withExtraMetaData(metadata)
                    .withConf(new PlainParquetConfiguration())
                    .withCodecFactory(new GzipCodec())
                    .withCompressionCodec(CompressionCodecName.GZIP)
                    .withRowGroupSize(ROW_GROUP)
                    .build()) {
                long row = 0;
                while (rows.hasNext()) {
                    row++;
                    write(rows.next().getFields(), row, header, writer);
                    progress.advanced(row);
                }
                progress.done(row);
            }
            done = true;
        } catch (CsvParseException malformed) {
            throw ExportException.worthless("the gateway's CSV cannot be read: " + malformed.getMessage());
        } finally {
            if (!done) {
                Files.deleteIfExists(target);
            }
        }
        return file.written();
    }

    private static void write(List<String> cells, long row, List<String> header, ParquetWriter<List<String>> writer)
            throws IOException {
        if (cells.size() != header.size()) {
            throw ExportException.worthless(
                    "row " + row + " has " + cells.size() + " cells, and the header " + header.size());
        }
        try {
            writer.write(cells);
        } catch (ArithmeticException | NumberFormatException unfit) {
            throw ExportException.worthless(
                    "row " + row + " of " + cells.get(0) + ", " + cells.get(cells.size() - 1) + ": "
                            + cells.get(header.indexOf("Quantity")) + " does not fit into DECIMAL("
                            + UsageColumn.PRECISION + ", "
                            + UsageColumn.SCALE + "); --format csv and ndjson have all digits");
        } catch (DateTimeException malformed) {
            throw ExportException.worthless("row " + row + ": " + malformed.getMessage());
        }
    }

    private static final class Builder extends ParquetWriter.Builder<List<String>, Builder> {
        private final List<String> header;

        Builder(OutputFile file, List<String> header) {
            super(file);
            this.header = header;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation")
        protected WriteSupport<List<String>> getWriteSupport(Configuration hadoop) {
            throw new UnsupportedOperationException("there is no Hadoop here");
        }

        @Override
        protected WriteSupport<List<String>> getWriteSupport(ParquetConfiguration configuration) {
            return new CsvRowSupport(header);
        }
    }
}
