package io.tallygate.store.usage;

import io.tallygate.store.Sha256;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** SHA-256 over fields: each with its length, so that no two lists of fields run together to the same bytes. */
public final class FieldDigest {
    private static final int TYPICAL = 512;

    // All fields first: the digest takes one large piece faster than many small ones.
    private byte[] bytes = new byte[TYPICAL];
    private int length;

    /** Adds a field; null differs from an empty one. */
    public FieldDigest field(String value) {
        if (value == null) {
            putInt(-1);
            return this;
        }
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        putInt(text.length);
        require(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    /** Of the fields so far. */
    public Buffer digest() {
        MessageDigest sha = Sha256.begin();
        sha.update(bytes, 0, length);
        return Buffer.buffer(sha.digest());
    }

    private void putInt(int value) {
        require(Integer.BYTES);
        bytes[length++] = (byte) (value >>> 24);
        bytes[length++] = (byte) (value >>> 16);
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    private void require(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
