package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.EventContent;
import io.tallygate.routing.delivery.NewEvent.State;
import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Sees to the rows that wait for another event's outcome: reversals of what may or may not be billed. If it is billed,
 * they are composed like others; likewise if it was withdrawn after all, since its rows then wait for another event. If
 * an operator waived it, they are waived with it: what was never billed must not be given back.
 */
final class AwaitedRows {
    private static final int EVENTS = 500;
    private static final String AWAITING = """
            r.endpoint = $1 and r.awaited_key is not null and r.event_key is null and not r.netted""";
    private static final String AWAITED = """
            e.payer_subscription_id = r.payer_subscription_id and e.reported_time = r.awaited_time
              and e.event_key = r.awaited_key""";
    private static final String RELEASE = """
            update event_row r set awaited_time = null, awaited_key = null
            from delivery_event e
            where %s and %s and e.state in ('delivered', 'withdrawn')""".formatted(AWAITING, AWAITED);
    private static final String WAIVED = """
            select r.payer_subscription_id as payer, r.awaited_time, r.awaited_key, count(*)::integer as rows,
              sum(r.quantity) as quantity, sum(r.record_count)::bigint as record_count,
              max(r.reported_time) as reported_time, max(r.usage_time) as usage_time,
              case when count(distinct r.dimension) = 1 then min(r.dimension) end as dimension,
              %s as digest
            from event_row r join delivery_event e on %s
            where %s and e.state = 'waived'
            group by r.payer_subscription_id, r.awaited_time, r.awaited_key
            limit %d""".formatted(EventKey.DIGEST, AWAITED, AWAITING, EVENTS);
    private static final String ASSIGN = """
            with assigned as (
              update event_row r set event_time = a.event_time, event_key = a.event_key
              from unnest($2::uuid[], $3::timestamptz[], $4::uuid[], $5::timestamptz[], $6::uuid[])
                as a (payer, awaited_time, awaited_key, event_time, event_key)
              where %s and r.payer_subscription_id = a.payer and r.awaited_time = a.awaited_time
                and r.awaited_key = a.awaited_key
              returning r.event_key, r.quantity, r.record_count)
            select event_key, count(*) as rows, sum(quantity) as quantity, sum(record_count)::bigint as record_count
            from assigned group by event_key""".formatted(AWAITING);

    private final String endpoint;
    private final EventBook book;

    AwaitedRows(String endpoint, EventBook book) {
        this.endpoint = endpoint;
        this.book = book;
    }

    /** How many rows need wait no longer. */
    Future<Integer> release(SqlConnection transaction) {
        return transaction.preparedQuery(RELEASE).execute(Tuple.of(endpoint)).map(RowSet::rowCount);
    }

    /** Makes waived events of the rows whose awaited event was waived, one for each such event; says how many. */
    Future<Integer> waive(SqlConnection transaction) {
        return transaction
                .preparedQuery(WAIVED)
                .execute(Tuple.of(endpoint))
                .map(this::waived)
                .compose(waived -> waived.isEmpty() ? Future.succeededFuture(0) : write(transaction, waived));
    }

    private record Waived(NewEvent event, OffsetDateTime awaitedTime, UUID awaitedKey) {}

    private List<Waived> waived(RowSet<Row> rows) {
        List<Waived> waived = new ArrayList<>();
        rows.forEach(row ->
                waived.add(new Waived(event(row), row.getOffsetDateTime("awaited_time"), row.getUUID("awaited_key"))));
        return waived;
    }

    // It is never sent: it has no bytes.
    private NewEvent event(Row row) {
        SubscriptionId payer = new SubscriptionId(row.getUUID("payer"));
        EventContent content = new EventContent(
                EventKey.of(endpoint, payer, List.of(row.getBuffer("digest"))),
                payer,
                row.getString("dimension"),
                Rows.instant(row, "usage_time"),
                row.getBigDecimal("quantity"),
                row.getLong("record_count"),
                List.of());
        return new NewEvent(
                content,
                Rows.instant(row, "reported_time"),
                row.getInteger("rows"),
                Buffer.buffer(),
                State.waived,
                EventWords.AWAITED_EVENT_WAIVED);
    }

    private Future<Integer> write(SqlConnection transaction, List<Waived> waived) {
        List<NewEvent> events = waived.stream().map(Waived::event).toList();
        Tuple columns = Tuple.of(endpoint)
                .addArrayOfUUID(
                        Rows.array(events, event -> event.content().payer().value(), UUID[]::new))
                .addArrayOfOffsetDateTime(Rows.array(waived, Waived::awaitedTime, OffsetDateTime[]::new))
                .addArrayOfUUID(Rows.array(waived, Waived::awaitedKey, UUID[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(events, event -> Rows.utc(event.reportedTime()), OffsetDateTime[]::new))
                .addArrayOfUUID(Rows.array(events, event -> event.content().key(), UUID[]::new));
        return transaction
                .preparedQuery(ASSIGN)
                .execute(columns)
                .compose(assigned -> book.add(transaction, events, assigned));
    }
}
