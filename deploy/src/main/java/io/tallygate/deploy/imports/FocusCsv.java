package io.tallygate.deploy.imports;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.http.Excerpt;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rows of a FOCUS CSV file of version 1.0 or later (UTF-8, a header row, RFC 4180 quoting), read once in constant memory. An unquoted
 * {@code NULL} is null, as in the specification's sample data; a quoted one is text.
 */
final class FocusCsv implements Closeable {
    private static final List<String> NEEDED =
            List.of("ChargePeriodStart", "ChargePeriodEnd", "ConsumedQuantity", "SubAccountId", "SkuId");

    // Nothing that is usage needs more: what has is broken, or wants our memory.
    private static final int LONGEST_FIELD = 1 << 20;
    private static final int MOST_COLUMNS = 1_000;

    private final CountingInputStream bytes;
    private final CsvReader<Fields> csv;
    private final Iterator<Fields> rows;
    private List<String> header;
    private long line;
    private boolean broken;

    private FocusCsv(CountingInputStream bytes, CsvReader<Fields> csv) {
        this.bytes = bytes;
        this.csv = csv;
        this.rows = csv.iterator();
    }

    /** Opens a file. */
    static FocusCsv open(Path path) throws IOException {
        return open(CountingInputStream.open(path));
    }

    /** Reads from a stream. */
    static FocusCsv open(CountingInputStream bytes) {
        Reader text = new InputStreamReader(
                bytes,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        return new FocusCsv(
                bytes,
                CsvReader.builder()
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .maxBufferSize(LONGEST_FIELD)
                        .build(new FieldsHandler(), text));
    }

    /**
     * The next row, or null at the end.
     *
     * @throws UnreadableUsageException if the row is malformed; {@link #broken} tells whether there can be another
     */
    FocusRow next() throws IOException, UnreadableUsageException {
        if (header == null) {
            header = header(read());
        }
        Fields fields = read();
        if (fields == null) {
            return null;
        }
        line = fields.line();
        if (fields.values().size() != header.size()) {
            throw new UnreadableUsageException(
                    "MalformedCsv",
                    null,
                    "expected " + header.size() + " fields as in the header, found "
                            + fields.values().size());
        }
        Map<String, String> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < header.size(); i++) {
            String value = fields.values().get(i);
            if (value != null && !value.isEmpty()) {
                columns.put(header.get(i), value);
            }
        }
        return new FocusRow(line, columns);
    }

    /** The physical line on which the last row started, or the first line that cannot be read. */
    long line() {
        return line;
    }

    /** Whether the rest of the file cannot be read. */
    boolean broken() {
        return broken;
    }

    /** How many bytes of the file have been read. */
    long bytesRead() {
        return bytes.count();
    }

    private List<String> header(Fields first) throws UnreadableUsageException {
        broken = true;
        line = 1;
        if (first == null) {
            throw new UnreadableUsageException("MalformedCsv", null, "expected a header row, found an empty file");
        }
        if (first.values().size() > MOST_COLUMNS) {
            throw new UnreadableUsageException(
                    "MalformedCsv", null, "the header has more than " + MOST_COLUMNS + " columns");
        }
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : first.values()) {
            if (name == null || !names.add(name)) {
                throw new UnreadableUsageException(
                        "MalformedCsv", null, "the header names no column, or the same one twice: " + name);
            }
        }
        for (String needed : NEEDED) {
            if (!names.contains(needed)) {
                throw UnreadableUsageException.property(needed, "the header has no column " + needed);
            }
        }
        broken = false;
        return first.values();
    }

    private Fields read() throws IOException, UnreadableUsageException {
        try {
            return rows.hasNext() ? rows.next() : null;
        } catch (CsvParseException | UncheckedIOException failure) {
            broken = true;
            line++;
            if (failure.getCause() instanceof CharacterCodingException) {
                throw new UnreadableUsageException("MalformedCsv", null, "from here on it is not UTF-8");
            }
            if (failure instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw new UnreadableUsageException("MalformedCsv", null, Excerpt.oneLine(failure.getMessage()));
        }
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }

    private record Fields(long line, List<String> values) {}

    private static final class FieldsHandler extends AbstractBaseCsvCallbackHandler<Fields> {
        private List<String> values = new ArrayList<>();

        @Override
        protected void handleBegin(long startingLineNumber) {
            values = new ArrayList<>(values.size());
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            if (values.size() <= MOST_COLUMNS) {
                String value = new String(buffer, offset, length);
                values.add(!quoted && value.equals("NULL") ? null : value);
            }
        }

        @Override
        protected Fields buildRecord() {
            return new Fields(getStartingLineNumber(), values);
        }
    }
}
