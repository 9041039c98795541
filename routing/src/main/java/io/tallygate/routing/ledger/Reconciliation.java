package io.tallygate.routing.ledger;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The proof that nothing was lost and nothing counted twice, over whole UTC days of reported time.
 *
 * @param from the first day, inclusive
 * @param to the last day, exclusive
 * @param balanced whether it holds everywhere: for each day, tenant, meter and payer, not only in sum
 * @param totals of the range
 * @param quarantined records that wait for their subscription or meter; all of them, since they are in no window yet
 * @param conflicts records that contradict another of the same identity; all of them, likewise
 * @param rows as grouped; none if it was not grouped
 */
public record Reconciliation(
        Instant from,
        Instant to,
        boolean balanced,
        Map<Account, Total> totals,
        long quarantined,
        long conflicts,
        List<Line> rows) {

    /** The same, found wrong elsewhere. */
    Reconciliation unbalanced() {
        return new Reconciliation(from, to, false, totals, quarantined, conflicts, rows);
    }

    /** What rows may be grouped by. */
    public enum GroupBy {
        DAY,
        TENANT,
        METER,
        PAYER
    }

    /**
     * The sum of an account.
     *
     * @param count of usage records
     * @param quantity a control total across units
     */
    public record Total(long count, BigDecimal quantity) {}

    /**
     * One row.
     *
     * @param day a UTC midnight; null unless grouped by it
     * @param tenant null unless grouped by it
     * @param meterId null unless grouped by it
     * @param payer null unless grouped by it; then a row without a payer has the accounts of what is not at one
     * @param balanced whether all that it sums up is
     * @param totals of all accounts; grouped by payer, of those that {@link Account#hasPayer have one}, or of the others
     */
    public record Line(
            Instant day,
            TenantId tenant,
            String meterId,
            SubscriptionId payer,
            boolean balanced,
            Map<Account, Total> totals) {}
}
