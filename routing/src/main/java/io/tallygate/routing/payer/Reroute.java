package io.tallygate.routing.payer;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * What a re-route moves, or would move.
 *
 * @param reportedTime the window that its pairs join; null before anything was routed
 * @param moves by tenant and payers; none if everybody pays already who should
 * @param uncorrectable what an endpoint cannot take back
 */
public record Reroute(Instant reportedTime, List<Move> moves, List<Uncorrectable> uncorrectable) {
    /** The number of the first row that re-routes append to a window: above those of originals, which count aggregates. */
    public static final int FIRST_SEQ = 1_000_000_000;

    /**
     * What moves from one payer to another.
     *
     * @param total all of it: the three others together
     * @param netted was never sent, and never will be: closed with its reversal
     * @param corrected is billed: its reversal goes out
     * @param waiting may or may not be billed: its reversal waits for the outcome of the event that it is in
     */
    public record Move(
            TenantId tenant,
            SubscriptionId from,
            SubscriptionId to,
            Amount total,
            Amount netted,
            Amount corrected,
            Amount waiting) {}

    /**
     * Reversals at an endpoint that takes no negative quantity: they go out with the payer's later usage of that dimension,
     * as far as there is any.
     *
     * @param dimension the commerce meter
     * @param amount what is to be taken back, positive
     */
    public record Uncorrectable(String endpoint, SubscriptionId payer, String dimension, Amount amount) {}

    /**
     * A sum.
     *
     * @param rows routed rows
     * @param records usage records
     * @param quantity a control total across units
     */
    public record Amount(long rows, long records, BigDecimal quantity) {}
}
