package io.tallygate.deploy.imports;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The bytes of a file, counted as they are read, for the progress bar. */
final class CountingInputStream extends FilterInputStream {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private long count;

    private CountingInputStream(InputStream in) {
        super(in);
    }

    /** Opens a file, buffered, behind its UTF-8 byte order mark if it has one. */
    static CountingInputStream open(Path path) throws IOException {
        return open(Files.newInputStream(path));
    }

    /** The same of a stream. */
    static CountingInputStream open(InputStream bytes) throws IOException {
        InputStream in = new BufferedInputStream(bytes, 1 << 16);
        in.mark(BYTE_ORDER_MARK.length);
        if (!Arrays.equals(in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
            in.reset();
        }
        return new CountingInputStream(in);
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        if (read >= 0) {
            count++;
        }
        return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count += Math.max(read, 0);
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** How many bytes have been read. */
    long count() {
        return count;
    }
}
