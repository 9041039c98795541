package io.tallygate.store.gap;

/** Parts of the statements that fold and look. */
final class GapSql {
    /** Whoever does not get the lock leaves the work to the one that holds it. */
    static final String TRY = "select pg_try_advisory_xact_lock(hashtextextended('tallygate gaps', 0)) as mine";

    /** What says which resource an instance is of, whatever its case and tags. */
    static final String RESOURCE_KEY = "md5(lower(i.resource_uri))::uuid";

    /**
     * Through when hours are complete but for the patience: in general, and of the sources that are collected, whose daily
     * figures come when their day is over (of those of files nobody knows). Windows that were sealed ahead of their end have
     * nothing: what was reported meanwhile is in the one after them. Takes {@link GapPlan#values}.
     */
    static final String CLOCK = """
            clock as (
              select through, patience, date_trunc('hour', through - reach, 'UTC') as begins
              from (select make_interval(secs => $1) as patience, make_interval(secs => $2) as reach) p
              cross join lateral (
                select least(g.folded_through, date_trunc('hour', clock_timestamp(), 'UTC'), (
                  select min(w.reported_hour) from usage_window w
                  where w.reported_hour >= g.folded_through - reach and w.sealed_at > clock_timestamp() - patience
                    and w.sealed_at > w.reported_hour + interval '2 hours' + make_interval(secs => $3)), (
                  select w.reported_hour + interval '1 hour' from usage_window w
                  where w.reported_hour < g.folded_through and w.sealed_at >= w.reported_hour + interval '1 hour'
                  order by w.reported_hour desc limit 1)) as through
                from gap_state g) t),
            collected as (
              select 'collect:' || s.source as source, s.registration_id, s.ended_at,
                least(c.through, coalesce((
                    select min(w.window_start) from collect_window w
                    where w.source = s.source and (w.collected_at is null or w.collected_at >= c.through)),
                  s.planned_through)) + interval '1 hour' - make_interval(secs => s.window_seconds) as through
              from collect_source s cross join clock c
              where s.planned_through is not null)""";

    /** All sources, found one after the other in the index, which has a thousand entries of each. */
    static final String NAMES = """
            name (source) as (
              select min(source) from usage_source_hour
              union all
              select (select min(h.source) from usage_source_hour h where h.source > name.source)
              from name
              where name.source is not null)""";

    /**
     * Takes hours out of findings: {@code filled (gap_id, hours)} names them. Of what is left the first piece keeps the
     * finding, and others are made like it.
     */
    static final String RESHAPE = """
            piece as (
              select f.gap_id, lower(p) as from_hour, upper(p) as to_hour,
                row_number() over (partition by f.gap_id order by p) as place
              from filled
              join gap_finding f using (gap_id)
              cross join lateral unnest(
                tstzmultirange(tstzrange(f.from_hour, coalesce(f.to_hour, upper(filled.hours)))) - filled.hours) as p),
            cleared as (
              update gap_finding f set cleared_at = clock_timestamp()
              from filled
              where f.gap_id = filled.gap_id and not exists (select from piece where piece.gap_id = f.gap_id)),
            shrunk as (
              update gap_finding f set from_hour = p.from_hour, to_hour = p.to_hour
              from piece p
              where p.gap_id = f.gap_id and p.place = 1)
            insert into gap_finding (kind, source, subscription_id, meter_key, resource_key, instance_id, from_hour, to_hour,
              first_seen, acknowledged_at, acknowledged_by, reason)
            select f.kind, f.source, f.subscription_id, f.meter_key, f.resource_key, f.instance_id, p.from_hour, p.to_hour,
              f.first_seen, f.acknowledged_at, f.acknowledged_by, f.reason
            from piece p
            join gap_finding f using (gap_id)
            where p.place > 1""";

    /** Whether the 24 hours before a hole are those of somebody regular. */
    static String regular(String hours, String hole) {
        return """
                (select sum(upper(p) - lower(p))
                  from unnest(%s * tstzmultirange(tstzrange(lower(%s) - interval '24 hours', lower(%2$s)))) as p)
                  >= interval '18 hours'""".formatted(hours, hole);
    }

    private GapSql() {}
}
