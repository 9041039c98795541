package io.tallygate.routing.commerce;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What an event says; an adapter makes its bytes of it.
 *
 * @param key unique and for ever the same for these rows, this payer and this endpoint
 * @param dimension the commerce meter; null with {@link Grouping#DAY}
 * @param effectiveTime the hour under which the endpoint is told of it; with {@link Grouping#DAY} the UTC midnight that
 *     begins the reported day
 * @param quantity the exact sum
 * @param recordCount of usage records
 * @param rows in order of subscription, reported time and seq; none with {@link Grouping#HOUR}, where only the sum is told
 */
public record EventContent(
        UUID key,
        SubscriptionId payer,
        String dimension,
        Instant effectiveTime,
        BigDecimal quantity,
        long recordCount,
        List<Row> rows) {

    /**
     * One routed row.
     *
     * @param reportedTime the hour in which it was reported; unique with subscription and seq
     * @param kind {@code original}, {@code reversal} or {@code rerouted}
     * @param tags a JSON object or null
     * @param additionalInfo JSON or null
     * @param usageTime the hour in which it was used
     */
    public record Row(
            SubscriptionId subscription,
            TenantId tenant,
            Instant reportedTime,
            int seq,
            String kind,
            boolean fallback,
            String meterId,
            String meterName,
            String unit,
            String dimension,
            String resourceUri,
            String location,
            String tags,
            String additionalInfo,
            Instant usageTime,
            BigDecimal quantity,
            long recordCount) {}
}
