package io.tallygate.store.gap;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;

/**
 * Notes of each sealed window in which hours which resource was used, and takes those hours out of what was found missing:
 * a window once, in order, each in one transaction. The invariants are in {@code V16__gaps.sql}.
 */
public final class GapFolder {
    private static final Duration HOUR = Duration.ofHours(1);
    // More than the reach by what a hole's first hours are compared with.
    private static final String NEXT = """
            select hour
            from (
              select coalesce(g.folded_through, greatest(w.first_hour, r.floor,
                  date_trunc('hour', w.sealed_through - make_interval(secs => $1) - interval '48 hours', 'UTC'))) as hour,
                w.sealed_through
              from gap_state g, window_state w, retention_state r) next
            where hour < sealed_through""";
    // Late is what is older than the patience, was not there, and goes back or is of more than two hours: where some of
    // it comes now, more may be on its way.
    private static final String FOLD = """
            with asked as (
              select $1::timestamptz - make_interval(secs => $2) - interval '1 hour' as late,
                tstzmultirange(tstzrange($1::timestamptz - make_interval(secs => $3) - interval '48 hours', null)) as kept),
            used as (
              select r.subscription_id, r.meter_key, %s as resource_key, max(r.instance_id) as instance_id,
                max(r.source) as source, range_agg(tstzrange(r.usage_hour, r.usage_hour + interval '1 hour')) as hours
              from usage_record r
              join instance i using (subscription_id, instance_id)
              where r.reported_hour = $1
              group by 1, 2, 3)
            insert into gap_series as s (subscription_id, meter_key, resource_key, instance_id, source, hours, late_at)
            select subscription_id, meter_key, resource_key, instance_id, source, hours * kept,
              case when lower(hours) <= late and upper(hours) - lower(hours) > interval '2 hours' then $1 end
            from used cross join asked
            where hours && kept
            order by 1, 2, 3
            on conflict (subscription_id, meter_key, resource_key) do update
            set hours = (s.hours + excluded.hours) * (select kept from asked), instance_id = excluded.instance_id,
              source = excluded.source,
              late_at = case
                when lower(excluded.hours) <= (select late from asked) and not excluded.hours <@ s.hours
                  and (lower(excluded.hours) < upper(s.hours)
                    or upper(excluded.hours) - lower(excluded.hours) > interval '2 hours') then $1
                else s.late_at end""".formatted(GapSql.RESOURCE_KEY);
    private static final String FILL = """
            with filled as (
              select f.gap_id, range_agg(tstzrange(r.usage_hour, r.usage_hour + interval '1 hour')) as hours
              from usage_record r
              join gap_finding f on f.subscription_id = r.subscription_id and f.meter_key = r.meter_key
                and f.kind = 'missingHours' and f.cleared_at is null
                and r.usage_hour >= f.from_hour and r.usage_hour < f.to_hour
              join instance i on i.subscription_id = r.subscription_id and i.instance_id = r.instance_id
              where r.reported_hour = $1 and %s = f.resource_key
              group by f.gap_id),
            """.formatted(GapSql.RESOURCE_KEY) + GapSql.RESHAPE;
    private static final String ADVANCE = "update gap_state set folded_through = $1";

    private final Database database;
    private final GapPlan plan;

    /** Notes the windows of the given database. */
    public GapFolder(Database database, GapPlan plan) {
        this.database = database;
        this.plan = plan;
    }

    /**
     * Notes the earliest sealed window that was not.
     *
     * @return whether there was one; false also if another gateway is at it just now
     */
    public Future<Boolean> foldNext() {
        return database.longTransaction(transaction -> transaction
                .preparedQuery(GapSql.TRY)
                .execute()
                .compose(tried -> tried.iterator().next().getBoolean("mine") ? next(transaction) : nothing())
                .compose(hour -> hour == null ? Future.succeededFuture(false) : fold(transaction, hour)));
    }

    private Future<Instant> next(SqlConnection transaction) {
        return transaction
                .preparedQuery(NEXT)
                .execute(Tuple.of(Rows.seconds(plan.reach())))
                .map(rows -> {
                    RowIterator<Row> hours = rows.iterator();
                    return hours.hasNext() ? Rows.instant(hours.next(), "hour") : null;
                });
    }

    private static Future<Instant> nothing() {
        return Future.succeededFuture();
    }

    private Future<Boolean> fold(SqlConnection transaction, Instant hour) {
        Tuple asked = Tuple.of(Rows.utc(hour), Rows.seconds(plan.patience()), Rows.seconds(plan.reach()));
        return transaction
                .preparedQuery(FOLD)
                .execute(asked)
                .compose(folded -> transaction.preparedQuery(FILL).execute(Tuple.of(Rows.utc(hour))))
                .compose(filled -> transaction.preparedQuery(ADVANCE).execute(Tuple.of(Rows.utc(hour.plus(HOUR)))))
                .map(true);
    }
}
