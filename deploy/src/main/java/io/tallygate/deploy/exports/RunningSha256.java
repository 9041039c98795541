package io.tallygate.deploy.exports;

import io.tallygate.store.Sha256;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A SHA-256 digest that can be asked on the way. */
final class RunningSha256 {
    /** The digest of no bytes. */
    static final String OF_NOTHING = new RunningSha256().hex();

    private final MessageDigest digest = Sha256.begin();

    void update(byte[] bytes, int from, int length) {
        digest.update(bytes, from, length);
    }

    /** Of all bytes so far, hexadecimal. */
    String hex() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("Java's SHA-256 can be copied", impossible);
        }
    }
}
