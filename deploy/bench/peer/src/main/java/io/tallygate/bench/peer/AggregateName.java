package io.tallygate.bench.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** The gateway's names for aggregates: made of what makes one distinct. */
final class AggregateName {
    private AggregateName() {}

    static UUID of(
            Granularity granularity,
            Instant reportedTime,
            UUID subscription,
            String meterId,
            byte[] digest,
            Instant usageTime) {
        byte[] meter = meterId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer distinct = ByteBuffer.allocate(8 + 8 + 16 + 8 + digest.length + meter.length)
                .putLong(granularity.length.toSeconds())
                .putLong(reportedTime.getEpochSecond())
                .putLong(subscription.getMostSignificantBits())
                .putLong(subscription.getLeastSignificantBits())
                .putLong(usageTime.getEpochSecond())
                .put(digest)
                .put(meter);
        return UUID.nameUUIDFromBytes(distinct.array());
    }
}
