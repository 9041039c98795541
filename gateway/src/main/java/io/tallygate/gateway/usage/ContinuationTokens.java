package io.tallygate.gateway.usage;

import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.gateway.crypto.Hmac;
import io.tallygate.gateway.crypto.SealingKeys;
import io.tallygate.gateway.http.ApiError;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.directory.SubscriptionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Continuation tokens: where the next page begins and what was asked, sealed with AES-GCM under a secret that all
 * gateways share. A token is good only for the binding that it was made for (path and visibility), and tells nobody how
 * many rows others have. Its nonce is made of its content, so that the same page has the same bytes each time.
 */
public final class ContinuationTokens {
    private static final int CONTENT = 1 + 4 * Integer.BYTES + 1 + 2 * Long.BYTES;
    private static final int HOUR_SECONDS = 3600;

    private final SealingKeys keys;
    private final Hmac nonces;

    /** A page's beginning with the request that it belongs to. */
    public record Continuation(UsageRequest request, PagePosition after) {}

    /** Seals with the first secret, opens with any. */
    public ContinuationTokens(List<String> secrets) {
        keys = new SealingKeys(secrets, "tallygate continuation");
        nonces = Hmac.under(secrets.get(0)).derive("tallygate continuation nonces");
    }

    /** A token for the page that begins after the position. */
    public String seal(Continuation continuation, String binding) {
        byte[] content = encode(continuation);
        byte[] bound = binding.getBytes(StandardCharsets.UTF_8);
        byte[] nonce = Arrays.copyOf(nonces.of(content, bound), SealingKeys.NONCE);
        return Base64Url.encode(keys.seal(nonce, content, bound));
    }

    /**
     * What a token says.
     *
     * @throws io.tallygate.gateway.http.ApiException {@code InvalidProperty} if it is forged, of a retired key, or was
     *     made for another path or caller
     */
    public Continuation open(String token, String binding) {
        return Base64Url.decode(token)
                .filter(bytes -> bytes.length == CONTENT + SealingKeys.OVERHEAD)
                .flatMap(bytes -> keys.open(bytes, binding.getBytes(StandardCharsets.UTF_8)))
                .map(ContinuationTokens::decode)
                .orElseThrow(() -> ApiError.InvalidProperty.because(
                        "`continuationToken` is not one that this gateway gave you for this path: follow `nextLink`"));
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
}
