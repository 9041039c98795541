package io.tallygate.routing.payer;

import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * What became of the aggregates of one window, in the words of the reconciliation.
 *
 * @param mapped those that a customer subscription pays for
 * @param base those that a registration's own subscription pays for, because nobody is mapped
 * @param notChargeable those of meters that are not charged for
 * @param notBilled those of registrations that do not deliver, and of none
 */
public record RoutedWindow(Instant hour, long mapped, long base, long notChargeable, long notBilled) {
    static RoutedWindow of(Instant hour, Row row) {
        long base = row.getLong("base");
        return new RoutedWindow(
                hour, row.getLong("routed") - base, base, row.getLong("not_chargeable"), row.getLong("not_billed"));
    }
}
