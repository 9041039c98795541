package io.tallygate.store.aggregate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Names for aggregates: made of what makes one distinct, so that they are stable and give no numbers away. */
public final class AggregateName {
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
        return UUID.nameUUIDFromBytes(distinct.array());
    }
}
