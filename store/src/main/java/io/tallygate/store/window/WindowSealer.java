package io.tallygate.store.window;

import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.Rows;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * Aggregates closed windows, in order, each in one transaction that also moves the watermark: a window is sealed wholly
 * or not at all, by one gateway, whatever the others do. A day's aggregates are built from its hours with the last of
 * them. With each window go sums by day of usage, and what every source reported for which usage hour.
 */
public final class WindowSealer {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    // Whoever does not get the lock leaves the work to the one that holds it. It is no lock on the row: closing must
    // not
    // wait for a sum. A statement of its own: the next one then sees what the holder before committed.
    private static final String TRY =
            "select pg_try_advisory_xact_lock(hashtextextended('tallygate sealing', 0)) as mine";
    private static final String NEXT = "select sealed_through from window_state where sealed_through < closed_through";
    private static final String AGGREGATE_HOUR = """
            insert into usage_hourly (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
              record_count)
            select $1, row_number() over (order by subscription_id, meter_key, instance_id, usage_hour), subscription_id,
              meter_key, instance_id, usage_hour, sum(quantity), count(*)
            from usage_record
            where reported_hour = $1
            group by subscription_id, meter_key, instance_id, usage_hour
            order by subscription_id, meter_key, instance_id, usage_hour""";
    private static final String AGGREGATE_DAY = """
            insert into usage_daily (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
              record_count)
            select $1, row_number() over (order by subscription_id, meter_key, instance_id, usage_day), subscription_id,
              meter_key, instance_id, usage_day, sum(quantity), sum(record_count)
            from (
              select subscription_id, meter_key, instance_id, date_trunc('day', usage_time, 'UTC') as usage_day, quantity,
                record_count
              from usage_hourly
              where reported_time >= $1 and reported_time < $2) as hours
            group by subscription_id, meter_key, instance_id, usage_day
            order by subscription_id, meter_key, instance_id, usage_day""";
    private static final String COUNT_SOURCES = """
            insert into usage_source_hour (source, usage_hour, reported_hour, record_count)
            select source, usage_hour, $1, count(*)
            from usage_record
            where reported_hour = $1
            group by source, usage_hour""";
    // One look at the hour's aggregates, of which there may be a million, gives the account and all sums. Days are made
    // of the few times that were used in.
    private static final String ACCOUNT = """
            with used as (
              select subscription_id, meter_key, usage_time, sum(quantity) as quantity, sum(record_count) as record_count,
                count(*) as aggregate_count
              from usage_hourly
              where reported_time = $1
              group by subscription_id, meter_key, usage_time),
            summed as materialized (
              select subscription_id, date_trunc('day', usage_time, 'UTC') as usage_day, meter_key,
                sum(quantity) as quantity, sum(record_count) as record_count, sum(aggregate_count) as aggregate_count
              from used
              group by subscription_id, usage_day, meter_key),
            by_day as (
              insert into usage_by_day as d (subscription_id, usage_day, meter_key, quantity, record_count)
              select subscription_id, usage_day, meter_key, quantity, record_count
              from summed
              order by usage_day, subscription_id, meter_key
              on conflict (subscription_id, usage_day, meter_key) do update
              set quantity = d.quantity + excluded.quantity, record_count = d.record_count + excluded.record_count),
            report_day as (
              insert into usage_report_day (subscription_id, usage_day, reported_day)
              select distinct subscription_id, usage_day, date_trunc('day', $1, 'UTC')
              from summed
              on conflict do nothing)
            insert into usage_window (reported_hour, record_count, late_record_count, aggregate_count, summary_count, began_at)
            select $1, coalesce(sum(record_count), 0),
              (select coalesce(sum(record_count), 0) from used where usage_time < $1 - interval '1 hour'),
              coalesce(sum(aggregate_count), 0), count(*), transaction_timestamp()
            from summed""";
    private static final String ADVANCE = "update window_state set sealed_through = $1";

    private final Database database;
    private final Partitions partitions;

    /** Seals the windows of the given database. */
    public WindowSealer(Database database, Partitions partitions) {
        this.database = database;
        this.partitions = partitions;
    }

    /**
     * Seals the earliest closed window.
     *
     * @return whether there was one; false also if another gateway is sealing just now
     */
    public Future<Boolean> sealNext() {
        return database.longTransaction(this::sealNext).map(hour -> {
            if (hour != null) {
                partitions.committed(List.of(hour));
            }
            return hour != null;
        });
    }

    private Future<Instant> sealNext(SqlConnection transaction) {
        return transaction
                .preparedQuery(TRY)
                .execute(Tuple.tuple())
                .compose(rows -> rows.iterator().next().getBoolean("mine")
                        ? transaction.preparedQuery(NEXT).execute(Tuple.tuple())
                        : Future.succeededFuture())
                .compose(rows -> {
                    if (rows == null || rows.size() == 0) {
                        return Future.succeededFuture();
                    }
                    Instant hour = Rows.instant(rows.iterator().next(), "sealed_through");
                    return seal(transaction, hour).map(hour);
                });
    }

    private Future<Void> seal(SqlConnection transaction, Instant hour) {
        OffsetDateTime reported = Rows.utc(hour);
        Instant next = hour.plus(HOUR);
        return partitions
                .ensure(transaction, List.of(hour))
                .compose(done -> transaction.preparedQuery(AGGREGATE_HOUR).execute(Tuple.of(reported)))
                .compose(done -> transaction.preparedQuery(COUNT_SOURCES).execute(Tuple.of(reported)))
                .compose(done -> AggregationGranularity.Daily.isBoundary(next)
                        ? sealDay(transaction, next)
                        : Future.succeededFuture())
                // Late: its row says how long all of it took.
                .compose(done -> transaction.preparedQuery(ACCOUNT).execute(Tuple.of(reported)))
                .compose(done -> transaction.preparedQuery(ADVANCE).execute(Tuple.of(Rows.utc(next))))
                .mapEmpty();
    }

    private static Future<Void> sealDay(SqlConnection transaction, Instant midnight) {
        return transaction
                .preparedQuery(AGGREGATE_DAY)
                .execute(Tuple.of(Rows.utc(midnight.minus(DAY)), Rows.utc(midnight)))
                .mapEmpty();
    }
}
