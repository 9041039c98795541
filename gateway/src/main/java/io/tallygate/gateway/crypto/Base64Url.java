package io.tallygate.gateway.crypto;

import java.util.Base64;
import java.util.Optional;

/** Base64url without padding (RFC 4648, section 5), of which each value has exactly one text here. */
public final class Base64Url {
    private Base64Url() {}

    /** The text of the bytes. */
    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The bytes of a text. Empty for what {@link #encode} does not make: Java's decoder takes padding and spare bits. */
    public static Optional<byte[]> decode(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
