package io.tallygate.routing.desk;

import io.tallygate.store.directory.SubscriptionId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/**
 * What an endpoint says that it billed: by the event's key, by payer, dimension and hour, or by both: a key that is not
 * known here then does not end the search. What is null is not compared.
 *
 * @param key null if the endpoint does not tell it; then payer, dimension and hour are there
 * @param hour the hour under which it was billed
 */
public record BookEntry(UUID key, SubscriptionId payer, String dimension, Instant hour, BigDecimal quantity) {
    /** Whether it has what an event can be found by without its key. */
    boolean hasContent() {
        return payer != null && dimension != null && hour != null;
    }

    /** Whether an event says the same. */
    boolean says(DeliveryEvent event) {
        return (payer == null || payer.equals(event.payer()))
                && (dimension == null || dimension.equals(event.dimension()))
                && (hour == null || hour.equals(event.effectiveTime()))
                && quantity.compareTo(event.quantity()) == 0;
    }
}
