package io.tallygate.store.aggregate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;

/** Names for aggregates: made of what makes one distinct, so that they are stable and give no numbers away. */
public final class AggregateName {
    // Looking the algorithm up takes longer than applying it, and a stream names each of its rows.
    private static final ThreadLocal<MessageDigest> MD5 = ThreadLocal.withInitial(AggregateName::md5);

    private AggregateName() {}

    /** The name of an aggregate; {@code subscription} is the one that the row is shown under. */
    public static UUID of(
            AggregationGranularity granularity,
            Instant reportedTime,
            UUID subscription,
            String meterId,
            byte[] instanceDigest,
            Instant usageTime) {
        byte[] meter = meterId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer distinct = ByteBuffer.allocate(8 + 8 + 16 + 8 + instanceDigest.length + meter.length)
                .putLong(granularity.length().toSeconds())
                .putLong(reportedTime.getEpochSecond())
                .putLong(subscription.getMostSignificantBits())
                .putLong(subscription.getLeastSignificantBits())
                .putLong(usageTime.getEpochSecond())
                .put(instanceDigest)
                .put(meter);
        return nameBased(MD5.get().digest(distinct.array()));
    }

    // RFC 9562, version 3: what UUID.nameUUIDFromBytes makes of the same bytes.
    private static UUID nameBased(byte[] md5) {
        md5[6] = (byte) ((md5[6] & 0x0f) | 0x30);
        md5[8] = (byte) ((md5[8] & 0x3f) | 0x80);
        ByteBuffer bytes = ByteBuffer.wrap(md5);
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has MD5", impossible);
        }
    }
}
