package io.tallygate.gateway.portal;

import io.tallygate.store.Sha256;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the portal's cookies are made of. A session's text is 32 random bytes and 16 of their HMAC-SHA256, in base64url: one that
 * no gateway made is refused without a look into the database. Texts are sealed with AES-256-GCM for one purpose; layout: key
 * id (2), nonce (12), sealed text and tag.
 */
final class PortalSecrets {
    private static final int RANDOM = 32;
    private static final int PROOF = 16;
    private static final int TEXT = (RANDOM + PROOF) / 3 * 4;
    private static final int KEY_ID = 2;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final List<Key> keys;
    private final SecureRandom random = new SecureRandom();

    private record Key(ByteBuffer id, SecretKeySpec sealing, SecretKeySpec proofs, SecretKeySpec csrf) {}

    /**
     * A session's text and what follows from it.
     *
     * @param text what the cookie holds
     * @param hash what the database knows it by
     * @param csrf what the portal's pages say to show that they are the portal's
     */
    record SessionText(String text, Buffer hash, String csrf) {
        /** Whether this is the session's value, in the same time for every wrong one. */
        boolean isCsrf(String value) {
            return value != null
                    && MessageDigest.isEqual(
                            csrf.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
        }

        /** Nothing of it. */
        @Override
        public String toString() {
            return "SessionText";
        }
    }

    /** Makes under the first secret, takes what was made under any. */
    PortalSecrets(List<String> secrets) {
        keys = secrets.stream().map(PortalSecrets::key).toList();
    }

    /** A new session's. */
    SessionText newSession() {
        return session(keys.get(0), randomBytes());
    }

    /** What a cookie's value says; empty if no gateway made it under one of the secrets. */
    Optional<SessionText> session(String text) {
        if (text.length() != TEXT) {
            return Optional.empty();
        }
        return decode(text).flatMap(bytes -> {
            byte[] id = Arrays.copyOf(bytes, RANDOM);
            return keys.stream()
                    .map(key -> session(key, id))
                    .filter(made -> MessageDigest.isEqual(
                            made.text().getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8)))
                    .findFirst();
        });
    }

    private static SessionText session(Key key, byte[] id) {
        ByteBuffer text = ByteBuffer.allocate(RANDOM + PROOF).put(id).put(hmac(key.proofs(), id), 0, PROOF);
        return new SessionText(
                encode(text.array()), Buffer.buffer(Sha256.begin().digest(id)), encode(hmac(key.csrf(), id)));
    }

    /** Random text that fits into an address: 256 bits. */
    String randomText() {
        return encode(randomBytes());
    }

    /** Seals a text for a purpose. */
    Buffer seal(String text, byte[] purpose) {
        Key key = keys.get(0);
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, key, nonce, text.getBytes(StandardCharsets.UTF_8), purpose)
                .orElseThrow();
        return Buffer.buffer(ByteBuffer.allocate(KEY_ID + NONCE + sealed.length)
                .put(key.id().duplicate())
                .put(nonce)
                .put(sealed)
                .array());
    }

    /** The text that was sealed for this purpose; empty if it is forged, of another purpose, or of a secret that is gone. */
    Optional<String> open(Buffer sealed, byte[] purpose) {
        byte[] bytes = sealed.getBytes();
        if (bytes.length < KEY_ID + NONCE + TAG_BITS / Byte.SIZE) {
            return Optional.empty();
        }
        ByteBuffer id = ByteBuffer.wrap(bytes, 0, KEY_ID).slice();
        byte[] nonce = Arrays.copyOfRange(bytes, KEY_ID, KEY_ID + NONCE);
        byte[] content = Arrays.copyOfRange(bytes, KEY_ID + NONCE, bytes.length);
        return keys.stream()
                .filter(key -> key.id().equals(id))
                .flatMap(key -> crypt(Cipher.DECRYPT_MODE, key, nonce, content, purpose).stream())
                .map(text -> new String(text, StandardCharsets.UTF_8))
                .findFirst();
    }

    /** The bytes of canonical base64url. */
    static Optional<byte[]> decode(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Bytes in base64url, without padding. */
    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[RANDOM];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Key key(String secret) {
        SecretKeySpec master = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        return new Key(
                ByteBuffer.wrap(derive(master, "id"), 0, KEY_ID).slice(),
                new SecretKeySpec(derive(master, "sealing"), "AES"),
                new SecretKeySpec(derive(master, "proofs"), "HmacSHA256"),
                new SecretKeySpec(derive(master, "csrf"), "HmacSHA256"));
    }

    private static byte[] derive(SecretKeySpec master, String purpose) {
        return hmac(master, ("tallygate portal " + purpose).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(SecretKeySpec key, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", impossible);
        }
    }

    private static Optional<byte[]> crypt(int mode, Key key, byte[] nonce, byte[] input, byte[] purpose) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.sealing(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(purpose);
            return Optional.of(cipher.doFinal(input));
        } catch (AEADBadTagException forged) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has AES-GCM", impossible);
        }
    }
}
