package io.tallygate.deploy.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes of which only so many may be read for one row, so that no row fills the memory; remembers the last of them. */
final class RowAllowance extends FilterInputStream {
    private static final long MOST = 16 * 1024 * 1024;

    private long left = MOST;
    private int last = -1;

    RowAllowance(InputStream in) {
        super(in);
    }

    /** A row is read: there is as much for the next one. */
    void rowRead() {
        left = MOST;
    }

    /** Whether the last byte that was read ends a line, or none was. */
    boolean isAtLineEnd() {
        return last < 0 || last == '\n' || last == '\r';
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        if (read >= 0) {
            taken(1, (byte) read);
        }
        return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        if (read > 0) {
            taken(read, buffer[offset + read - 1]);
        }
        return read;
    }

    private void taken(int bytes, byte end) {
        last = end;
        left -= bytes;
        if (left < 0) {
            throw new UnusableFileException("a row is longer than " + MOST + " bytes");
        }
    }
}
