package io.tallygate.routing.desk;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * All that is known of an event.
 *
 * @param body its fixed bytes, as they are sent
 * @param bodyHash SHA-256 of the body
 * @param usage what it is made of, by true usage hour; at most {@link #MOST_USAGE}
 * @param ledger what happened to it, in order; the last {@link #MOST_LEDGER} if there is more
 */
public record EventAccount(
        DeliveryEvent event, Buffer body, Buffer bodyHash, List<Usage> usage, List<LedgerEntry> ledger) {
    /** The most sums of usage that are shown. */
    public static final int MOST_USAGE = 5_000;

    /** The most ledger entries that are shown. */
    public static final int MOST_LEDGER = 1_000;

    /**
     * The routed rows of one subscription and usage hour.
     *
     * @param usageTime the hour in which it was used, whatever hour the endpoint is told
     * @param rows of routed usage
     * @param records of usage
     */
    public record Usage(
            Instant usageTime,
            SubscriptionId subscription,
            TenantId tenant,
            String dimension,
            long rows,
            long records,
            BigDecimal quantity) {}

    /**
     * One entry of the ledger.
     *
     * @param outcome of an attempt, or what else happened, as {@code Requeued}
     * @param attempt the number of attempts that counted, with this one
     * @param fenced whether the answer came too late and moved nothing
     * @param submission the request, or null if it was no attempt
     * @param detail for people, or null
     */
    public record LedgerEntry(
            Instant recordedAt,
            String outcome,
            int attempt,
            boolean fenced,
            UUID submission,
            String remoteId,
            String detail) {}
}
