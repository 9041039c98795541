package io.tallygate.routing.payer;

import io.tallygate.store.aggregate.AggregateName;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Instance;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.UUID;

/**
 * What makes a routed row distinct: beside what makes a local one so, the local subscription and the commerce meter, and
 * for a moved row its kind and where it came from.
 *
 * @param kind null for a day's sum
 * @param originTime the window of the original; null unless the row moved
 */
record RoutedName(
        AggregationGranularity granularity,
        Instant reportedTime,
        UUID payer,
        String meterId,
        String commerceMeterId,
        Instance instance,
        Instant usageTime,
        String kind,
        Instant originTime) {

    /** The name: the same for ever. */
    UUID value() {
        return AggregateName.of(granularity, reportedTime, payer, meterId, distinct(), usageTime);
    }

    private byte[] distinct() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(instance.digest());
            UUID subscription = instance.subscription().value();
            out.writeLong(subscription.getMostSignificantBits());
            out.writeLong(subscription.getLeastSignificantBits());
            out.writeUTF(commerceMeterId);
            out.writeUTF(String.valueOf(kind));
            out.writeLong(originTime == null ? Long.MIN_VALUE : originTime.getEpochSecond());
        } catch (IOException impossible) {
            throw new UncheckedIOException("Writing into memory", impossible);
        }
        return bytes.toByteArray();
    }
}
