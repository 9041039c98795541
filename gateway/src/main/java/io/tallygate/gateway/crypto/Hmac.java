package io.tallygate.gateway.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 (RFC 2104) under one key, and keys made of it for one purpose each. */
public final class Hmac {
    private static final String ALGORITHM = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    private Hmac(byte[] key) {
        this.key = key;
    }

    /** Under a configured secret. */
    public static Hmac under(String secret) {
        return new Hmac(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** Under a key for a purpose: who has that key learns nothing of this one, or of another purpose's. */
    public Hmac derive(String purpose) {
        return new Hmac(of(purpose.getBytes(StandardCharsets.UTF_8)));
    }

    /** The 32 bytes of the parts, one after the other. */
    public byte[] of(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", impossible);
        }
    }

    /** Bytes that nobody can guess. */
    public static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** The key itself, for a cipher. */
    byte[] key() {
        return key.clone();
    }
}
