package io.tallygate.gateway.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals with AES-256-GCM under the first of some secrets and opens what was sealed under any, so that secrets rotate with
 * overlap. Layout: key id (2), nonce (12), sealed content and tag.
 */
public final class SealingKeys {
    /** Bytes of a nonce. */
    public static final int NONCE = 12;

    private static final int KEY_ID = 2;
    private static final int TAG_BITS = 128;
    /** By how many bytes what is sealed is longer than its content. */
    public static final int OVERHEAD = KEY_ID + NONCE + TAG_BITS / Byte.SIZE;

    private final List<Key> keys;

    private record Key(ByteBuffer id, SecretKeySpec sealing) {}

    /** @param use what is sealed, so that no two uses of a secret have a key in common */
    public SealingKeys(List<String> secrets, String use) {
        keys = secrets.stream().map(secret -> key(Hmac.under(secret), use)).toList();
    }

    private static Key key(Hmac secret, String use) {
        return new Key(
                ByteBuffer.wrap(secret.derive(use + " id").key(), 0, KEY_ID).slice(),
                new SecretKeySpec(secret.derive(use + " sealing").key(), "AES"));
    }

    /**
     * Seals.
     *
     * @param nonce {@value #NONCE} bytes, never the same for another content
     * @param bound what {@link #open} must be told too
     */
    public byte[] seal(byte[] nonce, byte[] content, byte[] bound) {
        Key key = keys.get(0);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, key, nonce, content, bound).orElseThrow();
        return ByteBuffer.allocate(content.length + OVERHEAD)
                .put(key.id().duplicate())
                .put(nonce)
                .put(sealed)
                .array();
    }

    /** The content; empty if it is forged, bound to something else, or sealed under a secret that is gone. */
    public Optional<byte[]> open(byte[] sealed, byte[] bound) {
        if (sealed.length < OVERHEAD) {
            return Optional.empty();
        }
        ByteBuffer id = ByteBuffer.wrap(sealed, 0, KEY_ID).slice();
        byte[] nonce = Arrays.copyOfRange(sealed, KEY_ID, KEY_ID + NONCE);
        byte[] content = Arrays.copyOfRange(sealed, KEY_ID + NONCE, sealed.length);
        return keys.stream()
                .filter(key -> key.id().equals(id))
                .flatMap(key -> crypt(Cipher.DECRYPT_MODE, key, nonce, content, bound).stream())
                .findFirst();
    }

    private static Optional<byte[]> crypt(int mode, Key key, byte[] nonce, byte[] input, byte[] bound) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.sealing(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(bound);
            return Optional.of(cipher.doFinal(input));
        } catch (AEADBadTagException forged) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has AES-GCM", impossible);
        }
    }
}
