package io.tallygate.store.aggregate;

import io.tallygate.store.directory.SubscriptionId;
import java.time.Instant;
import java.util.UUID;

/**
 * The sum for one window, subscription, meter, instance and usage hour or day.
 *
 * @param position its place in the order of rows
 * @param name unique among all aggregates and the same for ever; tells nothing of other rows
 * @param subscription the local subscription, or the CSP subscription where the scope was its
 * @param usageStart start of the usage hour or day
 * @param quantity a decimal in plain notation without trailing zeros: exact, and never calculated with on its way out
 */
public record UsageAggregate(
        PagePosition position,
        UUID name,
        SubscriptionId subscription,
        Instant usageStart,
        MeterLabel meter,
        String quantity,
        Instance instance) {}
