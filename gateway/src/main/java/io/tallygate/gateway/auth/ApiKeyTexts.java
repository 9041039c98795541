package io.tallygate.gateway.auth;

import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.gateway.crypto.Hmac;
import io.tallygate.store.Sha256;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The texts of API keys: {@code tgk_} and, in base64url, an id (16 bytes), a random secret (32) and the beginning of an
 * HMAC-SHA256 over both (9) under a secret that all gateways share. So one that nobody made is refused without a look into the
 * database; what proves a key is its random secret alone, of which the database has the hash of the whole text.
 */
public final class ApiKeyTexts {
    /** How each text begins, for tools that look for secrets where none should be. */
    public static final String PREFIX = "tgk_";

    private static final int ID = 2 * Long.BYTES;
    private static final int SECRET = 32;
    private static final int MAC = 9;
    private static final int NAME = 4;
    private static final int LENGTH = ID + SECRET + MAC;
    private static final int ENCODED = LENGTH / 3 * 4;

    private final List<Key> keys;

    /** A key as it is made: the only moment in which its text is there. */
    public record Fresh(UUID id, String text, Buffer hash, Buffer madeUnder) {
        /** Never the text. */
        @Override
        public String toString() {
            return "Fresh[" + id + "]";
        }
    }

    /** What a text that some gateway made says: whose it claims to be, and the hash that must be stored there. */
    record Presented(UUID id, Buffer hash) {}

    private record Key(Buffer name, Hmac mac) {}

    /** Makes texts under the first secret and takes those of any; without a secret there are no keys. */
    public ApiKeyTexts(List<String> secrets) {
        keys = secrets.stream().map(ApiKeyTexts::key).toList();
    }

    /** Whether keys are made and taken at all. */
    public boolean enabled() {
        return !keys.isEmpty();
    }

    /** Whether keys that were made under the secret of this name (hexadecimal) are taken. */
    public boolean takes(String madeUnder) {
        return keys.stream().anyMatch(key -> hex(key).equals(madeUnder));
    }

    /** Whether new keys are made under the secret of this name (hexadecimal). */
    public boolean isCurrent(String madeUnder) {
        return enabled() && hex(keys.get(0)).equals(madeUnder);
    }

    /** A new key. */
    public Fresh make() {
        Key key = keys.get(0);
        UUID id = UUID.randomUUID();
        byte[] proven = ByteBuffer.allocate(ID + SECRET)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .put(Hmac.randomBytes(SECRET))
                .array();
        byte[] whole =
                ByteBuffer.allocate(LENGTH).put(proven).put(mac(key, proven)).array();
        String text = PREFIX + Base64Url.encode(whole);
        return new Fresh(id, text, hash(text), key.name());
    }

    /** What a text says, if some gateway made it. */
    Optional<Presented> read(String text) {
        return decode(text)
                .filter(this::isMade)
                .map(bytes -> new Presented(
                        new UUID(
                                ByteBuffer.wrap(bytes).getLong(0),
                                ByteBuffer.wrap(bytes).getLong(Long.BYTES)),
                        hash(text)));
    }

    private static Optional<byte[]> decode(String text) {
        return text.length() == PREFIX.length() + ENCODED && text.startsWith(PREFIX)
                ? Base64Url.decode(text.substring(PREFIX.length()))
                : Optional.empty();
    }

    private boolean isMade(byte[] bytes) {
        byte[] proven = Arrays.copyOf(bytes, ID + SECRET);
        byte[] claimed = Arrays.copyOfRange(bytes, ID + SECRET, LENGTH);
        return keys.stream().anyMatch(key -> MessageDigest.isEqual(mac(key, proven), claimed));
    }

    private static Buffer hash(String text) {
        return Buffer.buffer(Sha256.begin().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] mac(Key key, byte[] proven) {
        return Arrays.copyOf(key.mac().of(proven), MAC);
    }

    private static Key key(String secret) {
        Hmac master = Hmac.under(secret);
        byte[] name = master.of("tallygate api key name".getBytes(StandardCharsets.UTF_8));
        return new Key(Buffer.buffer(Arrays.copyOf(name, NAME)), master.derive("tallygate api key mac"));
    }

    private static String hex(Key key) {
        return HexFormat.of().formatHex(key.name().getBytes());
    }
}
