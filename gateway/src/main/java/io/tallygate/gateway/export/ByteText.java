package io.tallygate.gateway.export;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.UUID;

/**
 * UTF-8 text under construction, byte by byte: rows are mostly pieces that are bytes already, and no character of them is
 * looked at twice. One is used for many rows after each other.
 */
public final class ByteText {
    private static final byte[] HEX = new byte[2 * 256];

    static {
        for (int i = 0; i < 256; i++) {
            HEX[2 * i] = (byte) Character.forDigit(i >> 4, 16);
            HEX[2 * i + 1] = (byte) Character.forDigit(i & 0xf, 16);
        }
    }

    private static final int UUID_LENGTH = 36;

    private byte[] bytes;
    private int length;

    /** An empty one with room for so many bytes; it grows when it must. */
    public ByteText(int room) {
        bytes = new byte[room];
    }

    /** How many bytes it has. */
    public int length() {
        return length;
    }

    /** Adds bytes as they are. */
    public ByteText add(byte[] piece) {
        makeRoom(piece.length);
        System.arraycopy(piece, 0, bytes, length, piece.length);
        length += piece.length;
        return this;
    }

    /** Adds any text. */
    public ByteText add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds one ASCII character. */
    public ByteText add(char ascii) {
        makeRoom(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Adds a UUID in its usual form, in lower case. */
    public ByteText add(UUID uuid) {
        makeRoom(UUID_LENGTH);
        long high = uuid.getMostSignificantBits();
        long low = uuid.getLeastSignificantBits();
        hex(high >>> 32, 4);
        bytes[length++] = '-';
        hex(high >>> 16, 2);
        bytes[length++] = '-';
        hex(high, 2);
        bytes[length++] = '-';
        hex(low >>> 48, 2);
        bytes[length++] = '-';
        hex(low, 6);
        return this;
    }

    /** Adds bytes that it has already. */
    public ByteText repeat(int from, int count) {
        makeRoom(count);
        System.arraycopy(bytes, from, bytes, length, count);
        length += count;
        return this;
    }

    /** Takes away its last bytes. */
    public ByteText cut(int count) {
        length -= count;
        return this;
    }

    /** A copy of the bytes for whoever sends them; it is empty then. They are added to the digest. */
    public Buffer take(MessageDigest digest) {
        digest.update(bytes, 0, length);
        return take();
    }

    /** A copy of the bytes for whoever sends them; it is empty then. */
    public Buffer take() {
        Buffer taken = Buffer.buffer(length).appendBytes(bytes, 0, length);
        length = 0;
        return taken;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    // The lowest bytes of a number, so many.
    private void hex(long number, int count) {
        for (int i = count - 1; i >= 0; i--) {
            int digits = 2 * (int) (number >>> (8 * i) & 0xff);
            bytes[length++] = HEX[digits];
            bytes[length++] = HEX[digits + 1];
        }
    }

    private void makeRoom(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
