package io.tallygate.routing.desk;

import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/**
 * An event as operators see it.
 *
 * @param reportedTime the latest of its rows
 * @param dimension the commerce meter; null if its rows have several
 * @param effectiveTime the hour (or day) under which the endpoint is told of it
 * @param recordCount of usage records
 * @param rowCount of routed rows
 * @param reason why it is in its state, or null
 * @param attempts that counted
 * @param inFlight whether a gateway is sending it just now
 * @param nextAttemptAt when it is due, while it is pending
 * @param unknownSince since when the endpoint may have billed it without a word; null if that is not so
 * @param remoteId the endpoint's id of the event or the request, or null
 * @param settledAt when it came to its last state; null while it is pending
 */
public record DeliveryEvent(
        UUID key,
        SubscriptionId payer,
        Instant reportedTime,
        String endpoint,
        String dimension,
        Instant effectiveTime,
        BigDecimal quantity,
        long recordCount,
        int rowCount,
        EventState state,
        String reason,
        int attempts,
        boolean inFlight,
        Instant createdAt,
        Instant nextAttemptAt,
        Instant unknownSince,
        String remoteId,
        Instant settledAt) {

    /** Whether a gateway may be sending event {@code e}: a lease that ran out is nobody's. */
    static final String IN_FLIGHT =
            "(e.state = 'pending' and e.lease_token is not null and e.next_attempt_at > clock_timestamp())";

    /** Whether event {@code e}, which is pending, is held. */
    static final String HELD = """
            (exists (select from delivery_hold)
              or exists (select from payer_hold h where h.payer_subscription_id = e.payer_subscription_id))""";

    /** What {@link #of} reads, of the table {@code delivery_event e}. */
    static final String COLUMNS = """
            e.event_key, e.payer_subscription_id, e.reported_time, e.endpoint, e.dimension, e.effective_time, e.quantity,
              e.record_count, e.row_count, e.reason, e.attempts, e.created_at, e.next_attempt_at, e.unknown_since,
              e.remote_id, e.settled_at,
              case when e.state = 'pending' and %s then 'held' else e.state end as shown_state,
              %s as in_flight""".formatted(HELD, IN_FLIGHT);

    static DeliveryEvent of(Row row) {
        EventState state = EventState.named(row.getString("shown_state")).orElseThrow();
        boolean open = state == EventState.PENDING || state == EventState.HELD;
        return new DeliveryEvent(
                row.getUUID("event_key"),
                new SubscriptionId(row.getUUID("payer_subscription_id")),
                Rows.instant(row, "reported_time"),
                row.getString("endpoint"),
                row.getString("dimension"),
                Rows.instant(row, "effective_time"),
                row.getBigDecimal("quantity"),
                row.getLong("record_count"),
                row.getInteger("row_count"),
                state,
                row.getString("reason"),
                row.getInteger("attempts"),
                row.getBoolean("in_flight"),
                Rows.instant(row, "created_at"),
                open ? Rows.instant(row, "next_attempt_at") : null,
                Rows.instant(row, "unknown_since"),
                row.getString("remote_id"),
                Rows.instant(row, "settled_at"));
    }

    static DeliveryEvent firstOrNull(Iterable<Row> rows) {
        var each = rows.iterator();
        return each.hasNext() ? of(each.next()) : null;
    }
}
