package io.tallygate.deploy.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of a stream, as bytes, each of at most a given length. */
final class LineReader {
    private final InputStream in;
    private final int longest;
    private long line;
    private boolean tooLong;

    /**
     * Reads lines.
     *
     * @param longest the most bytes of a line that are kept
     */
    LineReader(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** The next line without its end (LF or CR LF), or null at the end of the stream. */
    byte[] next() throws IOException {
        int next = in.read();
        if (next < 0) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        tooLong = false;
        line++;
        for (; next >= 0 && next != '\n'; next = in.read()) {
            tooLong |= bytes.size() >= longest;
            if (!tooLong) {
                bytes.write(next);
            }
        }
        byte[] text = bytes.toByteArray();
        boolean carriageReturn = text.length > 0 && text[text.length - 1] == '\r';
        return carriageReturn ? Arrays.copyOf(text, text.length - 1) : text;
    }

    /** The number of the last line; the first is 1. */
    long line() {
        return line;
    }

    /** Whether the last line was longer than what is kept of it. */
    boolean tooLong() {
        return tooLong;
    }
}
