package io.tallygate.routing.payer;

import io.tallygate.routing.registration.BillingModel;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.Rows;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Works out who pays for sealed windows, in order, each in one transaction that also moves the watermark: a window is
 * routed wholly or not at all, by one gateway, whatever the others do. What is to be delivered of each routed row is
 * noted with it. A day's routed rows are summed with its last hour.
 */
public final class UsageRouter {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    // Whoever finds the row locked leaves the work to the one that holds it.
    private static final String NEXT = """
            select coalesce(r.routed_through, w.first_hour) as hour
            from routing_state r cross join window_state w
            where coalesce(r.routed_through, w.first_hour) < w.sealed_through
            for update of r skip locked""";
    // The planner has no statistics yet of a window that was sealed a moment ago and takes it for one row: it would
    // compare each of its million rows with each payer. So all joins are by hash, and of the window's side it is told
    // to expect many: the two functions yield one row each, and it reckons with a thousand of either.
    private static final String HASH_ONLY = "set local enable_nestloop = off; set local enable_mergejoin = off";
    // One statement sees one state of meters, registrations and mappings: a row is routed or excluded, never both. The
    // payer is asked once per tenant and usage hour, since a window may have a million rows. Rows of one payer are
    // written together, as they are read.
    private static final String ROUTE_HOUR = """
            with hour as not materialized (
              select h.seq, h.subscription_id, h.meter_key, h.instance_id, h.usage_time, h.quantity, h.record_count,
                s.tenant_id, s.registration_id, m.commerce_meter_id,
                case
                  when not m.chargeable then 'notChargeable'
                  when r.billing_model = any($2::text[]) then null
                  else 'notBilled'
                end as excluded
              from (
                select sealed.* from usage_hourly sealed, string_to_table('1', ',') a, string_to_table('1', ',') b
                where sealed.reported_time = $1::timestamptz
                offset 0) h
              join subscription s on s.subscription_id = h.subscription_id
              join meter m on m.meter_key = h.meter_key
              left join registration r on r.registration_id = s.registration_id),
            payer as materialized (
              select k.registration_id, k.tenant_id, k.usage_time, k.delivery_endpoint, p.payer_subscription_id, p.fallback
              from (
                select distinct r.registration_id, s.tenant_id, u.usage_time, r.delivery_endpoint
                from (
                  select distinct subscription_id, usage_time from usage_hourly where reported_time = $1::timestamptz) u
                join subscription s using (subscription_id)
                join registration r using (registration_id)) k
              cross join lateral payer_of(k.registration_id, k.tenant_id, k.usage_time) p),
            charged as materialized (
              select h.*, p.payer_subscription_id, p.fallback, p.delivery_endpoint
              from hour h join payer p using (registration_id, tenant_id, usage_time)
              where h.excluded is null
              order by p.payer_subscription_id, h.seq),
            routed as (
              insert into routed_usage (payer_subscription_id, reported_time, seq, kind, registration_id, tenant_id,
                subscription_id, fallback, meter_key, commerce_meter_id, instance_id, usage_time, quantity, record_count)
              select payer_subscription_id, $1::timestamptz, seq, 'original', registration_id, tenant_id,
                subscription_id, fallback, meter_key, commerce_meter_id, instance_id, usage_time, quantity, record_count
              from charged
              returning record_count, fallback),
            to_deliver as (
              insert into event_row (subscription_id, reported_time, seq, endpoint, payer_subscription_id, dimension,
                meter_key, usage_time, quantity, record_count)
              select subscription_id, $1::timestamptz, seq, delivery_endpoint, payer_subscription_id, commerce_meter_id,
                meter_key, usage_time, quantity, record_count
              from charged
              returning 1),
            excluded as materialized (
              select subscription_id, meter_key, excluded, sum(quantity) as quantity, sum(record_count) as record_count,
                count(*) as aggregates
              from hour where excluded is not null
              group by subscription_id, meter_key, excluded),
            left_out as (
              insert into routed_exclusion (reported_time, subscription_id, meter_key, reason, quantity, record_count)
              select $1::timestamptz, subscription_id, meter_key, excluded, quantity, record_count from excluded)
            select w.aggregate_count as sealed_aggregates, w.record_count as sealed_records,
              a.aggregates + b.aggregates as aggregates, a.records + b.records as records,
              a.aggregates as routed, (select count(*) from to_deliver) as to_deliver,
              a.base, b.not_chargeable, b.not_billed
            from usage_window w
            cross join (
              select count(*) as aggregates, coalesce(sum(record_count), 0)::bigint as records,
                count(*) filter (where fallback) as base
              from routed) a
            cross join (
              select coalesce(sum(aggregates), 0)::bigint as aggregates,
                coalesce(sum(record_count), 0)::bigint as records,
                coalesce(sum(aggregates) filter (where excluded = 'notChargeable'), 0)::bigint as not_chargeable,
                coalesce(sum(aggregates) filter (where excluded = 'notBilled'), 0)::bigint as not_billed
              from excluded) b
            where w.reported_hour = $1::timestamptz""";
    private static final String ROUTE_DAY = """
            insert into routed_daily (payer_subscription_id, reported_time, seq, subscription_id, meter_key,
              commerce_meter_id, instance_id, usage_time, quantity, record_count)
            select payer_subscription_id, $1,
              row_number() over (
                partition by payer_subscription_id
                order by subscription_id, meter_key, commerce_meter_id collate "C", instance_id, usage_day),
              subscription_id, meter_key, commerce_meter_id, instance_id, usage_day, sum(quantity), sum(record_count)
            from (
              select payer_subscription_id, subscription_id, meter_key, commerce_meter_id, instance_id,
                date_trunc('day', usage_time, 'UTC') as usage_day, quantity, record_count
              from routed_usage
              where reported_time >= $1 and reported_time < $2) as hours
            group by payer_subscription_id, subscription_id, meter_key, commerce_meter_id, instance_id, usage_day""";
    private static final String ADVANCE = "update routing_state set routed_through = $1";

    private final Database database;
    private final Partitions partitions;
    private final Consumer<RoutedWindow> observer;

    /** Routes the windows of the given database. */
    public UsageRouter(Database database, Partitions partitions) {
        this(database, partitions, routed -> {});
    }

    /**
     * The same.
     *
     * @param observer told of every window that this router has routed; it must not block or fail
     */
    public UsageRouter(Database database, Partitions partitions, Consumer<RoutedWindow> observer) {
        this.database = database;
        this.partitions = partitions;
        this.observer = observer;
    }

    /**
     * Routes the earliest sealed window that is not routed.
     *
     * @return whether there was one; false also if another gateway is routing just now
     */
    public Future<Boolean> routeNext() {
        return database.longTransaction(this::routeNext).map(routed -> {
            if (routed != null) {
                partitions.committed(List.of(routed.hour()));
                observer.accept(routed);
            }
            return routed != null;
        });
    }

    private Future<RoutedWindow> routeNext(SqlConnection transaction) {
        return transaction.preparedQuery(NEXT).execute(Tuple.tuple()).compose(rows -> {
            if (rows.size() == 0) {
                return Future.succeededFuture();
            }
            Instant hour = Rows.instant(rows.iterator().next(), "hour");
            return route(transaction, hour);
        });
    }

    private Future<RoutedWindow> route(SqlConnection transaction, Instant hour) {
        Instant next = hour.plus(HOUR);
        return partitions
                .ensure(transaction, List.of(hour))
                .compose(done -> transaction.query(HASH_ONLY).execute())
                .compose(done -> transaction
                        .preparedQuery(ROUTE_HOUR)
                        .execute(Tuple.of(Rows.utc(hour)).addArrayOfString(BillingModel.delivering())))
                .compose(rows -> requireComplete(hour, rows))
                .compose(routed -> advance(transaction, next).map(routed));
    }

    private static Future<Void> advance(SqlConnection transaction, Instant next) {
        Future<Void> day =
                AggregationGranularity.Daily.isBoundary(next) ? routeDay(transaction, next) : Future.succeededFuture();
        return day.compose(done -> transaction.preparedQuery(ADVANCE).execute(Tuple.of(Rows.utc(next))))
                .mapEmpty();
    }

    // What the sealer noted of the window is a book of its own: a loss on the way here stops routing, loudly.
    private static Future<RoutedWindow> requireComplete(Instant hour, RowSet<Row> rows) {
        Row row = rows.size() == 0 ? null : rows.iterator().next();
        if (row != null
                && row.getLong("sealed_aggregates").equals(row.getLong("aggregates"))
                && row.getLong("sealed_records").equals(row.getLong("records"))
                && row.getLong("routed").equals(row.getLong("to_deliver"))) {
            return Future.succeededFuture(RoutedWindow.of(hour, row));
        }
        return Future.failedFuture(new IllegalStateException("The window of " + hour + " cannot be routed: "
                + (row == null
                        ? "nothing says that it was sealed"
                        : "it was sealed with " + row.getLong("sealed_aggregates") + " aggregates of "
                                + row.getLong("sealed_records") + " records, and " + row.getLong("aggregates")
                                + " of " + row.getLong("records") + " were found; of " + row.getLong("routed")
                                + " routed rows " + row.getLong("to_deliver") + " are to be delivered")));
    }

    private static Future<Void> routeDay(SqlConnection transaction, Instant midnight) {
        return transaction
                .preparedQuery(ROUTE_DAY)
                .execute(Tuple.of(Rows.utc(midnight.minus(DAY)), Rows.utc(midnight)))
                .mapEmpty();
    }
}
