package io.tallygate.routing.desk;

import io.tallygate.store.directory.SubscriptionId;
import java.math.BigDecimal;
import java.util.Map;

/**
 * A payer and where its usage is.
 *
 * @param hold null if it is not held
 * @param waiting routed rows that are in no event yet
 * @param events by state, as in the database: those of a held payer are pending. States without events are left out
 */
public record PayerStatus(SubscriptionId payer, Hold hold, Sum waiting, Map<EventState, Sum> events) {
    /**
     * A sum.
     *
     * @param count of rows or events
     * @param records of usage
     * @param quantity a control total across units
     */
    public record Sum(long count, long records, BigDecimal quantity) {}
}
