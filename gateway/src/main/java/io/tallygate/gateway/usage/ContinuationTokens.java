package io.tallygate.gateway.usage;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.directory.SubscriptionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Continuation tokens: where the next page begins and what was asked, sealed with AES-GCM under a secret that all
 * gateways share. A token is good only for the binding that it was made for (path and visibility), and tells nobody how
 * many rows others have. Its nonce is made of its content, so that the same page has the same bytes each time.
 *
 * <p>Layout before base64url: key id (2), nonce (12), sealed content and tag.
 */
public final class ContinuationTokens {
    private static final int KEY_ID = 2;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int CONTENT = 1 + 4 * Integer.BYTES + 1 + 2 * Long.BYTES;
    private static final int HOUR_SECONDS = 3600;

    private final List<Key> keys;

    /** A page's beginning with the request that it belongs to. */
    public record Continuation(UsageRequest request, PagePosition after) {}

    private record Key(ByteBuffer id, SecretKeySpec sealing, SecretKeySpec nonces) {}

    /** Seals with the first secret, opens with any. */
    public ContinuationTokens(List<String> secrets) {
        keys = secrets.stream().map(ContinuationTokens::key).toList();
    }

    /** A token for the page that begins after the position. */
    public String seal(Continuation continuation, String binding) {
        byte[] content = encode(continuation);
        Key key = keys.get(0);
        byte[] bound = binding.getBytes(StandardCharsets.UTF_8);
        byte[] nonce = Arrays.copyOf(hmac(key.nonces(), content, bound), NONCE);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, key, nonce, content, bound).orElseThrow();
        ByteBuffer token = ByteBuffer.allocate(KEY_ID + NONCE + sealed.length)
                .put(key.id().duplicate())
                .put(nonce)
                .put(sealed);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
    }

    /**
     * What a token says.
     *
     * @throws io.tallygate.gateway.http.ApiException {@code InvalidProperty} if it is forged, of a retired key, or was
     *     made for another path or caller
     */
    public Continuation open(String token, String binding) {
        return decode(token)
                .flatMap(bytes -> open(bytes, binding.getBytes(StandardCharsets.UTF_8)))
                .map(ContinuationTokens::decode)
                .orElseThrow(() -> ApiError.InvalidProperty.because(
                        "`continuationToken` is not one that this gateway gave you for this path: follow `nextLink`"));
    }

    private Optional<byte[]> open(byte[] token, byte[] bound) {
        if (token.length != KEY_ID + NONCE + CONTENT + TAG_BITS / Byte.SIZE) {
            return Optional.empty();
        }
        ByteBuffer id = ByteBuffer.wrap(token, 0, KEY_ID).slice();
        byte[] nonce = Arrays.copyOfRange(token, KEY_ID, KEY_ID + NONCE);
        byte[] sealed = Arrays.copyOfRange(token, KEY_ID + NONCE, token.length);
        return keys.stream()
                .filter(key -> key.id().equals(id))
                .flatMap(key -> crypt(Cipher.DECRYPT_MODE, key, nonce, sealed, bound).stream())
                .findFirst();
    }

    // The decoder is lenient about the last character's spare bits: the text must be the canonical one.
    private static Optional<byte[]> decode(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(token)
                    ? Optional.of(bytes)
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static byte[] encode(Continuation continuation) {
        UsageRequest request = continuation.request();
        UUID subscriber = request.subscriber().map(SubscriptionId::value).orElse(new UUID(0, 0));
        return ByteBuffer.allocate(CONTENT)
                .put((byte) (request.granularity() == AggregationGranularity.Hourly ? 1 : 0))
                .putInt(hours(request.reportedStart()))
                .putInt(hours(request.reportedEnd()))
                .putInt(hours(continuation.after().reportedTime()))
                .putInt(continuation.after().seq())
                .put((byte) (request.subscriber().isPresent() ? 1 : 0))
                .putLong(subscriber.getMostSignificantBits())
                .putLong(subscriber.getLeastSignificantBits())
                .array();
    }

    private static Continuation decode(byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        AggregationGranularity granularity =
                in.get() == 1 ? AggregationGranularity.Hourly : AggregationGranularity.Daily;
        Instant start = time(in.getInt());
        Instant end = time(in.getInt());
        PagePosition after = new PagePosition(time(in.getInt()), in.getInt());
        boolean hasSubscriber = in.get() == 1;
        SubscriptionId subscriber = new SubscriptionId(new UUID(in.getLong(), in.getLong()));
        return new Continuation(
                new UsageRequest(granularity, start, end, hasSubscriber ? Optional.of(subscriber) : Optional.empty()),
                after);
    }

    private static int hours(Instant time) {
        return Math.toIntExact(Math.floorDiv(time.getEpochSecond(), HOUR_SECONDS));
    }

    private static Instant time(int hours) {
        return Instant.ofEpochSecond((long) hours * HOUR_SECONDS);
    }

    private static Key key(String secret) {
        SecretKeySpec master = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        return new Key(
                ByteBuffer.wrap(derive(master, "id"), 0, KEY_ID).slice(),
                new SecretKeySpec(derive(master, "sealing"), "AES"),
                new SecretKeySpec(derive(master, "nonces"), "HmacSHA256"));
    }

    private static byte[] derive(SecretKeySpec master, String purpose) {
        return hmac(master, ("tallygate continuation " + purpose).getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    private static byte[] hmac(SecretKeySpec key, byte[] first, byte[] second) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(first);
            return mac.doFinal(second);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", impossible);
        }
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
