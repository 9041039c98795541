package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.CommerceAdapter;
import io.tallygate.routing.commerce.EventContent;
import io.tallygate.routing.delivery.RoutedRows.Composed;
import io.tallygate.routing.delivery.RoutedRows.Waiting;
import io.tallygate.store.Rows;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Composes events of {@link io.tallygate.routing.commerce.Grouping#DAY}: in each transaction a part of one payer's
 * reported day, when that day is routed to its end and settled. What is released from waiting later makes a part of its
 * own. A row that was read by its key is put into its event by its key, if it still waits; else the transaction fails
 * and leaves all rows waiting.
 */
final class DayGrouper implements Grouper {
    private static final int ROWS = 5_000;
    private static final Duration DAY = AggregationGranularity.Daily.length();
    // Hardly anything is reported before it is used, and then by minutes, since clocks differ: so the index
    // leads to the day's rows.
    private static final String PAGE = """
            with page as materialized (
              select *
              from event_row r
              where r.endpoint = $1 and r.payer_subscription_id = $2 and r.event_key is null and not r.netted
                and r.awaited_key is null and r.usage_time <= $5 and r.reported_time >= $3 and r.reported_time < $4
              order by r.usage_time, r.subscription_id, r.reported_time, r.seq
              limit %d)""".formatted(ROWS);

    private final String endpoint;
    private final CommerceAdapter adapter;
    private final EventBook book;
    private final WaitingPayers payers;

    DayGrouper(Endpoint endpoint, EventBook book) {
        this.endpoint = endpoint.name();
        this.adapter = endpoint.adapter();
        this.book = book;
        this.payers = new WaitingPayers(endpoint.name());
    }

    @Override
    public void lookAgain() {
        payers.lookAgain();
    }

    @Override
    public Future<Progress> composeSome(SqlConnection transaction, Moment moment) {
        Instant days = moment.lastDay();
        // What re-routes appended waits for the end of its day, like everything else.
        return payers.next(transaction, days, days, Integer.MAX_VALUE)
                .compose(due ->
                        due == null ? Future.succeededFuture(new Progress(0, true)) : composeDay(transaction, due));
    }

    private Future<Progress> composeDay(SqlConnection transaction, WaitingPayers.Due due) {
        SubscriptionId payer = due.payer();
        Instant midnight = AggregationGranularity.Daily.floor(due.reportedTime());
        Instant end = midnight.plus(DAY);
        // At least the row that was found.
        Instant lastUsage = due.usageTime().isAfter(end) ? due.usageTime() : end;
        Tuple parameters = Tuple.of(endpoint, payer.value(), Rows.utc(midnight), Rows.utc(end), Rows.utc(lastUsage));
        return RoutedRows.read(transaction, PAGE, parameters)
                .map(rows -> List.of(
                        compose(payer, midnight, rows.stream().map(Waiting::row).toList())))
                .compose(events -> RoutedRows.assign(transaction, events)
                        .compose(assigned -> book.add(
                                transaction,
                                events.stream().map(Composed::event).toList(),
                                assigned)))
                .map(events -> new Progress(events, false));
    }

    private Composed compose(SubscriptionId payer, Instant midnight, List<EventContent.Row> rows) {
        List<Buffer> digests = rows.stream()
                .map(row -> EventKey.digest(row.subscription(), row.reportedTime(), row.seq()))
                .toList();
        EventContent content = new EventContent(
                EventKey.of(endpoint, payer, digests),
                payer,
                null,
                midnight,
                RoutedRows.quantity(rows),
                rows.stream().mapToLong(EventContent.Row::recordCount).sum(),
                rows);
        Instant lastReported = rows.stream()
                .map(EventContent.Row::reportedTime)
                .max(Instant::compareTo)
                .orElseThrow();
        return new Composed(
                NewEvent.pending(content, lastReported, rows.size(), adapter.body(content)), content.rows());
    }
}
