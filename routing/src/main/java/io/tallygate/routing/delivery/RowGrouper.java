package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.CommerceAdapter;
import io.tallygate.routing.commerce.EventContent;
import io.tallygate.routing.delivery.RoutedRows.Composed;
import io.tallygate.routing.delivery.RoutedRows.Waiting;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/**
 * Composes events of {@link io.tallygate.routing.commerce.Grouping#ROW}: as many due rows in each transaction as are
 * good for one, of the payers in turn. A row that was read by its key is put into its event by its key, if it still
 * waits; else the transaction fails and leaves all rows waiting.
 */
final class RowGrouper implements Grouper {
    private static final int ROWS = 2_000;
    // The payers by probes of the index, as WaitingPayers does it, and the rows of each by its index.
    private static final String PAGE = """
            with recursive payer as (
              (select r.payer_subscription_id as id
               from event_row r
               where r.endpoint = $1 and r.event_key is null and not r.netted and r.payer_subscription_id >= $2
               order by r.payer_subscription_id
               limit 1)
              union all
              select (
                select r.payer_subscription_id
                from event_row r
                where r.endpoint = $1 and r.event_key is null and not r.netted and r.payer_subscription_id > p.id
                order by r.payer_subscription_id
                limit 1)
              from payer p where p.id is not null),
            page as materialized (
              select due.*
              from payer p cross join lateral (
                select *
                from event_row r
                where r.endpoint = $1 and r.event_key is null and not r.netted and r.payer_subscription_id = p.id
                  and r.awaited_key is null and r.usage_time <= $3
                order by r.usage_time
                limit %1$d) due
              where p.id is not null
              limit %1$d)""".formatted(ROWS);

    private final String endpoint;
    private final CommerceAdapter adapter;
    private final EventBook book;
    private volatile UUID from = WaitingPayers.FIRST;

    RowGrouper(Endpoint endpoint, EventBook book) {
        this.endpoint = endpoint.name();
        this.adapter = endpoint.adapter();
        this.book = book;
    }

    @Override
    public void lookAgain() {
        // What is due is always composed: there is nothing to forget.
    }

    @Override
    public Future<Progress> composeSome(SqlConnection transaction, Moment moment) {
        UUID first = from;
        Tuple parameters = Tuple.of(endpoint, first, Rows.utc(moment.lastHour()));
        return RoutedRows.read(transaction, PAGE, parameters)
                .map(this::compose)
                .compose(events -> RoutedRows.assign(transaction, events)
                        .compose(assigned -> book.add(
                                transaction,
                                events.stream().map(Composed::event).toList(),
                                assigned)))
                .map(events -> new Progress(events, events == 0 && first.equals(WaitingPayers.FIRST)));
    }

    // When the round is at its end, the next transaction begins another.
    private List<Composed> compose(List<Waiting> rows) {
        from = rows.isEmpty()
                ? WaitingPayers.FIRST
                : WaitingPayers.after(rows.get(rows.size() - 1).payer().value());
        return rows.stream().map(this::compose).toList();
    }

    private Composed compose(Waiting waiting) {
        EventContent.Row row = waiting.row();
        UUID key = EventKey.of(
                endpoint, waiting.payer(), List.of(EventKey.digest(row.subscription(), row.reportedTime(), row.seq())));
        EventContent content = new EventContent(
                key,
                waiting.payer(),
                row.dimension(),
                row.usageTime(),
                row.quantity(),
                row.recordCount(),
                List.of(row));
        boolean taken = adapter.terms().acceptsNegative() || row.quantity().signum() > 0;
        NewEvent event = taken
                ? NewEvent.pending(content, row.reportedTime(), 1, adapter.body(content))
                : NewEvent.negativeSum(content, row.reportedTime(), 1, adapter.body(content));
        return new Composed(event, content.rows());
    }
}
