package io.tallygate.store.usage;

import io.tallygate.store.directory.Meter;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One report by a resource provider, checked: whoever makes one has seen to every limit given here.
 *
 * @param source with {@code id} the identity of the record
 * @param meterId as it was sent
 * @param quantity at most 38 digits, at most 15 of them after the point; negative for a correction
 * @param usageStart with {@code usageEnd} within one UTC hour
 */
public record UsageRecord(
        String source,
        String id,
        String meterId,
        ResourceInstance instance,
        BigDecimal quantity,
        Instant usageStart,
        Instant usageEnd) {

    /** Digits after the point that a quantity may have. */
    public static final int MAX_SCALE = 15;

    /** Digits that a quantity may have in all, those after the point counted as {@link #MAX_SCALE}. */
    public static final int MAX_PRECISION = 38;

    /** Who sent it under which id: a record is taken once per identity. */
    public record Identity(String source, String id) {}

    /** The record's identity. */
    public Identity identity() {
        return new Identity(source, id);
    }

    /** The UTC hour in which it was used. */
    public Instant usageHour() {
        return usageStart.truncatedTo(ChronoUnit.HOURS);
    }

    /** The meter id as it is looked up: without case. */
    public String meterKey() {
        return Meter.key(meterId);
    }

    /**
     * SHA-256 over the payload: the same for the same record however its number, its instants or its keys were
     * written.
     */
    public Buffer payloadHash() {
        return new FieldDigest()
                .field(instance.subscription().toString())
                .field(meterKey())
                .field(instance.resourceUri())
                .field(instance.location())
                .field(instance.tags())
                .field(instance.additionalInfo())
                .field(CanonicalJson.plain(quantity))
                .field(usageStart.toString())
                .field(usageEnd.toString())
                .digest();
    }
}
