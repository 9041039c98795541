package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.EventContent;
import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Reads waiting rows with all that an event tells of them, and puts them into events by their keys. */
final class RoutedRows {
    // Thousands of rows are looked up by their keys, whatever a table's statistics say: those of a new one say
    // that it is empty, and then any join of all with all seems cheap.
    private static final String BY_KEY = "set local enable_hashjoin = off; set local enable_mergejoin = off";
    private static final String READ = """
            %s
            select r.payer_subscription_id, r.subscription_id, r.reported_time, r.seq, r.dimension, r.usage_time,
              r.quantity, r.record_count, u.tenant_id, u.kind, u.fallback, m.meter_id, m.name, m.unit, i.resource_uri,
              i.location, i.tags, i.additional_info
            from page r
            cross join lateral (
              select * from routed_usage o
              where o.subscription_id = r.subscription_id and o.reported_time = r.reported_time and o.seq = r.seq
              limit 1) u
            cross join lateral (select * from meter where meter_key = r.meter_key limit 1) m
            cross join lateral (
              select * from instance
              where subscription_id = u.subscription_id and instance_id = u.instance_id
              limit 1) i
            order by r.payer_subscription_id, r.subscription_id, r.reported_time, r.seq""";
    // The condition is a CASE so that nothing is concluded from it about how few rows there are.
    private static final String ASSIGN = """
            with assigned as (
              update event_row r set event_time = a.event_time, event_key = a.event_key
              from unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::timestamptz[], $5::uuid[])
                as a (subscription_id, reported_time, seq, event_time, event_key)
              where r.subscription_id = a.subscription_id and r.reported_time = a.reported_time and r.seq = a.seq
                and case when r.event_key is null and not r.netted and r.awaited_key is null then true end
              returning r.event_key, r.quantity, r.record_count)
            select event_key, count(*) as rows, sum(quantity) as quantity, sum(record_count)::bigint as record_count
            from assigned group by event_key""";

    private RoutedRows() {}

    /** A row and who pays for it. */
    record Waiting(SubscriptionId payer, EventContent.Row row) {}

    /** An event with its rows. */
    record Composed(NewEvent event, List<EventContent.Row> rows) {}

    /** Reads rows in order of payer, subscription, reported time and seq; {@code page} is a WITH that selects them. */
    static Future<List<Waiting>> read(SqlConnection transaction, String page, Tuple parameters) {
        return transaction
                .query(BY_KEY)
                .execute()
                .compose(set -> transaction.preparedQuery(READ.formatted(page)).execute(parameters))
                .map(RoutedRows::waiting);
    }

    /** Puts rows into events, as far as they still wait: says of each event what is in it now. */
    static Future<RowSet<Row>> assign(SqlConnection transaction, List<Composed> events) {
        List<EventContent.Row> rows =
                events.stream().flatMap(composed -> composed.rows().stream()).toList();
        Tuple columns = Tuple.tuple()
                .addArrayOfUUID(Rows.array(rows, row -> row.subscription().value(), UUID[]::new))
                .addArrayOfOffsetDateTime(Rows.array(rows, row -> Rows.utc(row.reportedTime()), OffsetDateTime[]::new))
                .addArrayOfInteger(Rows.array(rows, EventContent.Row::seq, Integer[]::new))
                .addArrayOfOffsetDateTime(
                        perRow(events, event -> Rows.utc(event.reportedTime())).toArray(OffsetDateTime[]::new))
                .addArrayOfUUID(perRow(events, event -> event.content().key()).toArray(UUID[]::new));
        return transaction.preparedQuery(ASSIGN).execute(columns);
    }

    /** The sum of the rows' quantities. */
    static BigDecimal quantity(List<EventContent.Row> rows) {
        return rows.stream().map(EventContent.Row::quantity).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static <T> List<T> perRow(List<Composed> events, Function<NewEvent, T> column) {
        List<T> values = new ArrayList<>();
        events.forEach(composed -> composed.rows().forEach(row -> values.add(column.apply(composed.event()))));
        return values;
    }

    private static List<Waiting> waiting(RowSet<Row> rows) {
        List<Waiting> waiting = new ArrayList<>(rows.size());
        rows.forEach(
                row -> waiting.add(new Waiting(new SubscriptionId(row.getUUID("payer_subscription_id")), of(row))));
        return waiting;
    }

    private static EventContent.Row of(Row row) {
        return new EventContent.Row(
                new SubscriptionId(row.getUUID("subscription_id")),
                new TenantId(row.getUUID("tenant_id")),
                Rows.instant(row, "reported_time"),
                row.getInteger("seq"),
                row.getString("kind"),
                row.getBoolean("fallback"),
                row.getString("meter_id"),
                row.getString("name"),
                row.getString("unit"),
                row.getString("dimension"),
                row.getString("resource_uri"),
                row.getString("location"),
                row.getString("tags"),
                row.getString("additional_info"),
                Rows.instant(row, "usage_time"),
                row.getBigDecimal("quantity"),
                row.getLong("record_count"));
    }
}
