package io.tallygate.deploy.exports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A row without its position: some bytes of what came, and what closes them. */
final class WireRow {
    private final byte[] bytes;
    private final int from;
    private final int to;
    private final byte[] closing;
    private final String token;

    /**
     * A row, valid as long as nobody writes to the bytes.
     *
     * @param token the position after it, or null
     */
    WireRow(byte[] bytes, int from, int to, byte[] closing, String token) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.closing = closing;
        this.token = token;
    }

    /** The position after it, or null. */
    String token() {
        return token;
    }

    /** Without what closes it. */
    String text() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** Writes it, closed. */
    void writeTo(ExportOutput output) throws IOException {
        output.write(bytes, from, to - from);
        output.write(closing, 0, closing.length);
    }
}
