package io.tallygate.deploy.imports;

import io.tallygate.gateway.collect.UnreadableUsageException;
import io.tallygate.gateway.collect.UsagePageRow;
import io.tallygate.gateway.collect.WindowRecords;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** The rows of a file of usage, read once from beginning to end in constant memory. */
public interface UsageRows extends Closeable {
    /**
     * One row.
     *
     * @param line the physical line on which it begins; the first of the file is 1
     * @param usage null if it tells of something else than consumption
     */
    record Row(long line, UsagePageRow usage) {}

    /**
     * The next row, or null at the end.
     *
     * @throws UnreadableUsageException if it is malformed: {@link #line} says where
     * @throws IOException if the bytes cannot be read
     */
    Row next() throws IOException, UnreadableUsageException;

    /** The line on which the last row begins, or from which on nothing can be read. */
    long line();

    /** Of FOCUS as CSV, each of at most a day. */
    static UsageRows focus(InputStream bytes) throws IOException {
        return new FocusRows(FocusCsv.open(CountingInputStream.open(bytes)));
    }

    /** Of saved pages of the usage API. */
    static UsageRows pages(InputStream bytes) throws IOException {
        return new PageRows(CountingInputStream.open(bytes), WindowRecords::pageRow);
    }
}
