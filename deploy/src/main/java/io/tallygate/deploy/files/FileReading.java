package io.tallygate.deploy.files;

import io.tallygate.deploy.imports.UsageRows;
import io.tallygate.gateway.collect.FileFormat;
import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.collect.WindowRecords;
import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.store.Sha256;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.RecordError;
import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * One reading of a file from its first byte to its last, chunk by chunk. Everything blocks. A file is taken as a whole or
 * not at all: a row that is no usage record ends the reading, unless it is only too old to be kept.
 */
final class FileReading {
    private final MessageDigest digest = Sha256.begin();
    private final InputStream bytes;
    private final RowAllowance text;
    private final UsageRows rows;
    private final WindowRecords records;
    private final boolean mustEndItsLine;
    private long rowCount;
    private long skipped;
    private Buffer sha256;

    /**
     * Some rows, and what was made of them.
     *
     * @param records with those that are refused
     * @param last whether the file ends with them
     */
    record Chunk(int rows, List<Parsed> records, boolean last) {}

    private FileReading(InputStream file, FoundFile found, WindowRecords records, boolean checked) throws IOException {
        this.bytes = new DigestInputStream(file, digest);
        this.text =
                new RowAllowance(FileFormat.isCompressed(found.name()) ? new GZIPInputStream(bytes, 1 << 16) : bytes);
        this.rows = found.format() == FileFormat.focus ? UsageRows.focus(text) : UsageRows.pages(text);
        this.records = records;
        this.mustEndItsLine = found.format() == FileFormat.focus && !checked;
    }

    /**
     * Begins with the first byte of an open file.
     *
     * @param checked whether its checksum is known: what was cut off then shows without looking at its end
     * @throws UnusableFileException if it should be compressed and is not
     */
    static FileReading of(FileChannel file, FoundFile found, WindowRecords records, boolean checked)
            throws IOException {
        file.position(0);
        try {
            return new FileReading(Channels.newInputStream(file), found, records, checked);
        } catch (ZipException | EOFException broken) {
            throw new UnusableFileException("expected a file that is compressed with gzip: " + broken.getMessage());
        }
    }

    /**
     * The next rows.
     *
     * @param most how many records, more or less
     * @throws UnusableFileException if there is something in it that is no usage record
     */
    Chunk next(int most) throws IOException {
        List<Parsed> read = new ArrayList<>();
        int count = 0;
        while (read.size() < most && count < most) {
            UsageRows.Row row = row();
            if (row == null) {
                end();
                return new Chunk(count, read, true);
            }
            count++;
            read.addAll(records(row));
        }
        return new Chunk(count, read, false);
    }

    /** How many rows there were so far. */
    long rows() {
        return rowCount;
    }

    /** How many of them are no usage. */
    long skipped() {
        return skipped;
    }

    /** Of all bytes, once the last chunk is read. */
    Buffer sha256() {
        return sha256;
    }

    private UsageRows.Row row() throws IOException {
        try {
            UsageRows.Row row = rows.next();
            text.rowRead();
            return row;
        } catch (UnreadableUsageException reason) {
            throw unusable(rows.line(), reason);
        } catch (ZipException | EOFException broken) {
            throw UnusableFileException.at(
                    rows.line(), "from here on the gzip data is broken or cut off: " + broken.getMessage());
        }
    }

    private List<Parsed> records(UsageRows.Row row) {
        rowCount++;
        if (row.usage() == null) {
            skipped++;
            return List.of();
        }
        try {
            return records.of(row.usage()).stream()
                    .map(parsed -> parsed.record() == null ? tooOld(row.line(), parsed) : parsed)
                    .toList();
        } catch (UnreadableUsageException reason) {
            throw unusable(row.line(), reason);
        }
    }

    // That is nobody's fault, and no other file would help.
    private static Parsed tooOld(long line, Parsed parsed) {
        IngestOutcome refusal = parsed.refusal();
        if (refusal.code() != RecordError.UsageTimeTooOld) {
            throw UnusableFileException.at(line, refusal.code() + ": " + refusal.message());
        }
        return new Parsed(
                parsed.source(),
                parsed.id(),
                null,
                IngestOutcome.rejected(refusal.code(), refusal.field(), "line " + line + ": " + refusal.message()));
    }

    private void end() throws IOException {
        if (mustEndItsLine && !text.isAtLineEnd()) {
            throw UnusableFileException.at(
                    rows.line(),
                    "the last line is not ended, so it may be cut off: expected a line end, or a checksum");
        }
        // What is behind the end of gzip data.
        bytes.transferTo(OutputStream.nullOutputStream());
        sha256 = Buffer.buffer(digest.digest());
    }

    private static UnusableFileException unusable(long line, UnreadableUsageException reason) {
        String field = reason.field() == null ? "" : "`" + reason.field() + "`: ";
        return UnusableFileException.at(line, field + reason.getMessage());
    }
}
