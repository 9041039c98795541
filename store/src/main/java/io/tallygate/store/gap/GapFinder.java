package io.tallygate.store.gap;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;

/**
 * Looks for what is missing in the hours that are complete, and clears what is not missing any more. The invariants are in
 * {@code V16__gaps.sql}.
 */
public final class GapFinder {
    private static final String TAKE = """
            update gap_state set looked_at = clock_timestamp()
            where looked_at is null or looked_at <= clock_timestamp() - make_interval(secs => $1)""";
    private static final String FORGET_SERIES = "with " + GapSql.CLOCK + """

            delete from gap_series using clock where upper(hours) < begins""";
    private static final String FORGET_FINDINGS = """
            delete from gap_finding f where coalesce(to_hour, 'infinity') <= (select usage_floor from retention_state)
              or (to_hour is null and not exists (select from usage_source_hour h where h.source = f.source))""";

    private static final String SOURCES_BACK = """
            with filled as (
              select f.gap_id, range_agg(tstzrange(h.usage_hour, h.usage_hour + interval '1 hour')) as hours
              from gap_finding f
              join usage_source_hour h on h.source = f.source and h.usage_hour >= f.from_hour
                and h.usage_hour < coalesce(f.to_hour, 'infinity')
              where f.cleared_at is null and f.kind = 'silentSource'
              group by f.gap_id),
            """ + GapSql.RESHAPE;
    // Regular is who reported the hours as they went by, not a history at once. A hole between two rows counts when
    // both were there for so long; the silence at the end when nothing at all came for so long: who is always late is
    // no source that is silent. Nor is one of files, which come when they come, or one that was ended.
    private static final String SILENT = "with recursive " + GapSql.NAMES + "," + GapSql.CLOCK
            + """
            ,
            reported as (
              select h.source, h.usage_hour, min(h.reported_hour) as first_report, max(h.reported_hour) as last_report
              from clock c
              cross join name n
              join usage_source_hour h on h.source = n.source and h.usage_hour >= c.begins - interval '24 hours'
              group by h.source, h.usage_hour),
            reporter as (
              select source, max(last_report) as last_report,
                range_agg(tstzrange(usage_hour, usage_hour + interval '1 hour')) as hours,
                range_agg(tstzrange(usage_hour, usage_hour + interval '1 hour'))
                  filter (where w.sealed_at < usage_hour + interval '72 hours') as live,
                count(distinct first_report) filter (where w.sealed_at < usage_hour + interval '72 hours') as reports
              from reported
              join usage_window w on w.reported_hour = first_report
              group by source),
            known as (
              select r.*, c.begins, c.through - c.patience as settled, coalesce(l.through, c.through) - c.patience as complete,
                range_agg(tstzrange(f.from_hour, f.to_hour)) filter (where f.gap_id is not null) as found
              from reporter r
              cross join clock c
              left join collected l using (source)
              left join gap_finding f on f.source = r.source and f.kind = 'silentSource' and f.cleared_at is null
              where r.reports >= 3
              group by r.source, r.last_report, r.hours, r.live, r.reports, c.begins, c.through, c.patience, l.through),
            hole as (
              select k.*, hole, lower(hole) = upper(hours) as at_end
              from known k
              cross join lateral unnest(
                tstzmultirange(tstzrange(lower(hours), greatest(upper(hours), complete))) - hours
                - coalesce(found, '{}')) as hole)
            insert into gap_finding (kind, source, from_hour, to_hour)
            select 'silentSource', source, lower(hole), case when not at_end then upper(hole) end
            from hole h
            where lower(hole) >= begins
              and %s
              and case when at_end then last_report < settled and source not in (
                  select 'collect:' || source from collect_source where planned_through is null or ended_at is not null)
                else upper(hole) <= complete and not exists (
                  select from reported r
                  where r.source = h.source and r.usage_hour in (lower(hole) - interval '1 hour', upper(hole))
                    and r.first_report >= settled) end""".formatted(GapSql.regular("(live + coalesce(found, '{}'))", "hole"));

    // The least of the four weeks before is expected, where that says anything.
    private static final String JUDGED = """
            counted as materialized (
              select h.source, h.usage_hour as hour, sum(h.record_count) as records, max(h.reported_hour) as last_report
              from clock c
              cross join name n
              join usage_source_hour h on h.source = n.source
                and h.usage_hour >= least(c.begins, (
                  select min(from_hour) from gap_finding where kind = 'fallenCount' and cleared_at is null))
                  - interval '672 hours'
              group by h.source, h.usage_hour),
            expected as (
              select source, hour + week * interval '168 hours' as hour, min(records) as records
              from counted
              cross join generate_series(1, 4) as week
              group by 1, 2
              having count(*) >= 2 and min(records) >= 20),
            fallen as (
              select source, hour, c.last_report
              from counted c
              join expected e using (source, hour)
              where 2 * c.records < e.records)""";
    private static final String COUNTS_BACK =
            "with recursive " + GapSql.NAMES + "," + GapSql.CLOCK + "," + JUDGED + """
            ,
            filled as (
              select f.gap_id, range_agg(tstzrange(hour, hour + interval '1 hour')) as hours
              from gap_finding f
              cross join lateral generate_series(f.from_hour, f.to_hour - interval '1 hour', interval '1 hour') as hour
              where f.kind = 'fallenCount' and f.cleared_at is null
                and not exists (select from fallen where fallen.source = f.source and fallen.hour = hour.hour)
              group by f.gap_id),
            """ + GapSql.RESHAPE;
    // Hours that go on where a finding ends are hours of it.
    private static final String FALLEN = "with recursive " + GapSql.NAMES + "," + GapSql.CLOCK + "," + JUDGED + """
            ,
            found as (
              select source, range_agg(tstzrange(from_hour, to_hour)) as hours
              from gap_finding
              where kind = 'fallenCount' and cleared_at is null
              group by source),
            run as (
              select source, run
              from (
                select source, range_agg(tstzrange(hour, hour + interval '1 hour')) as hours
                from fallen
                cross join clock c
                left join collected l using (source)
                where last_report < c.through - c.patience
                  and hour >= c.begins and hour < coalesce(l.through, c.through) - c.patience
                group by source) f
              left join found using (source)
              cross join lateral unnest(f.hours - coalesce(found.hours, '{}')) as run),
            longer as (
              update gap_finding f set to_hour = upper(run)
              from run r
              where f.source = r.source and f.kind = 'fallenCount' and f.cleared_at is null and f.to_hour = lower(run)
              returning f.source, run)
            insert into gap_finding (kind, source, from_hour, to_hour)
            select 'fallenCount', source, lower(run), upper(run)
            from run
            where (source, run) not in (select source, run from longer)""";

    // Hours that are known to be missing, here or of the whole source, are no holes again, and make nobody irregular.
    private static final String MISSING = "with " + GapSql.CLOCK + """
            ,
            registered as (select registration_id, min(through) as through from collected where ended_at is null group by registration_id),
            own as (
              select subscription_id, meter_key, resource_key, range_agg(tstzrange(from_hour, to_hour)) as hours
              from gap_finding
              where kind = 'missingHours' and cleared_at is null
              group by subscription_id, meter_key, resource_key),
            silent as (
              select source, range_agg(tstzrange(from_hour, to_hour)) as hours
              from gap_finding
              where kind = 'silentSource' and cleared_at is null
              group by source),
            series as (
              select s.*, c.begins, least(c.through, r.through) - c.patience as complete,
                s.hours + (multirange(range_merge(s.hours))
                  * (coalesce(own.hours, '{}') + coalesce(silent.hours, '{}'))) as known
              from gap_series s
              cross join clock c
              join subscription u using (subscription_id)
              left join registered r using (registration_id)
              left join own using (subscription_id, meter_key, resource_key)
              left join silent on silent.source = s.source
              where s.hours <> multirange(range_merge(s.hours)) and coalesce(s.late_at < c.through - c.patience, true))
            insert into gap_finding (kind, source, subscription_id, meter_key, resource_key, instance_id, from_hour, to_hour)
            select 'missingHours', source, subscription_id, meter_key, resource_key, instance_id, lower(hole), upper(hole)
            from series
            cross join lateral unnest(multirange(range_merge(known)) - known) as hole
            where lower(hole) >= begins and upper(hole) <= complete
              and %s
            order by lower(hole)
            limit 10000""".formatted(GapSql.regular("known", "hole"));

    private final Database database;
    private final GapPlan plan;

    /** Looks in the given database. */
    public GapFinder(Database database, GapPlan plan) {
        this.database = database;
        this.plan = plan;
    }

    /**
     * Looks, if nobody did for so long.
     *
     * @return whether it was done here; false also if another gateway is at it just now
     */
    public Future<Boolean> lookIfDue(Duration interval) {
        return database.longTransaction(transaction -> transaction
                .preparedQuery(GapSql.TRY)
                .execute()
                .compose(tried -> tried.iterator().next().getBoolean("mine")
                        ? take(transaction, interval)
                        : Future.succeededFuture(false))
                .compose(mine -> mine ? look(transaction).map(true) : Future.succeededFuture(false)));
    }

    private static Future<Boolean> take(SqlConnection transaction, Duration interval) {
        return transaction
                .preparedQuery(TAKE)
                .execute(Tuple.of(Rows.seconds(interval)))
                .map(taken -> taken.rowCount() == 1);
    }

    // Sources first: what a silent one explains is no finding of each of its resources.
    private Future<Void> look(SqlConnection transaction) {
        Future<Void> done = Future.succeededFuture();
        for (String statement : List.of(FORGET_FINDINGS, SOURCES_BACK)) {
            done = done.compose(before -> run(transaction, statement, Tuple.tuple()));
        }
        for (String statement : List.of(FORGET_SERIES, SILENT, COUNTS_BACK, FALLEN, MISSING)) {
            done = done.compose(before -> run(transaction, statement, plan.values()));
        }
        return done;
    }

    private static Future<Void> run(SqlConnection transaction, String statement, Tuple values) {
        return transaction.preparedQuery(statement).execute(values).mapEmpty();
    }
}
