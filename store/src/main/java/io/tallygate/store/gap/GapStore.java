package io.tallygate.store.gap;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was found missing, and what is said of it. */
public final class GapStore {
    private static final Duration HOUR = Duration.ofHours(1);
    // The first row that was reported of an hour: on the days of which it is known that there is usage of its day.
    private static final String SIDE = """
            left join lateral (
              (select h.reported_time as reported_hour, h.quantity, h.record_count
               from usage_report_day d
               join usage_hourly h on h.subscription_id = d.subscription_id and h.usage_time = %1$s
                 and h.reported_time >= greatest(d.reported_day, %1$s - interval '1 hour')
                 and h.reported_time < d.reported_day + interval '24 hours'
               join instance i on i.subscription_id = h.subscription_id and i.instance_id = h.instance_id
               where f.kind = 'missingHours' and d.subscription_id = f.subscription_id
                 and d.usage_day = date_trunc('day', %1$s, 'UTC') and h.meter_key = f.meter_key
                 and %2$s = f.resource_key
               order by h.reported_time, h.seq
               limit 1)
              union all
              (select h.reported_hour, null, h.record_count
               from usage_source_hour h
               where f.kind <> 'missingHours' and h.source = f.source and h.usage_hour = %1$s
               order by h.reported_hour
               limit 1)) %3$s on true""";
    private static final String SELECT =
            """
            with f as materialized (
              select * from gap_finding
              where %s
              order by gap_id desc
              limit $1)
            select f.*, u.tenant_id, coalesce(u.registration_id, s.registration_id) as registration_id, m.meter_id,
              n.resource_uri, b.reported_hour as before_reported, b.quantity as before_quantity,
              b.record_count as before_records, a.reported_hour as after_reported, a.quantity as after_quantity,
              a.record_count as after_records, c.expected, c.found
            from f
            left join subscription u using (subscription_id)
            left join meter m using (meter_key)
            left join instance n on n.subscription_id = f.subscription_id and n.instance_id = f.instance_id
            left join collect_source s on f.subscription_id is null and 'collect:' || s.source = f.source
            """ + side("(f.from_hour - interval '1 hour')", "b") + "\n" + side("f.to_hour", "a") + """

            left join lateral (
              select coalesce(sum(past.records), 0)::bigint as expected, coalesce(sum(here.records), 0)::bigint as found
              from generate_series(f.from_hour, f.to_hour - interval '1 hour', interval '1 hour') as hour
              left join lateral (
                select sum(record_count) as records
                from usage_source_hour
                where source = f.source and usage_hour = hour) here on true
              left join lateral (
                select min(records) as records
                from (
                  select sum(record_count) as records
                  from usage_source_hour
                  where source = f.source and usage_hour in (hour - interval '168 hours', hour - interval '336 hours',
                    hour - interval '504 hours', hour - interval '672 hours')
                  group by usage_hour) week) past on true
              where f.kind = 'fallenCount') c on true
            order by f.gap_id desc""";
    private static final String PAGE = SELECT.formatted("""
            ($2::text is null or kind = $2)
              and ($3::text is null or $3 = case when cleared_at is not null then 'cleared'
                when acknowledged_at is not null then 'acknowledged' else 'open' end)
              and ($4::bigint is null or gap_id < $4)""");
    private static final String FIND = SELECT.formatted("gap_id = $2");
    private static final String ACKNOWLEDGE = """
            update gap_finding set acknowledged_at = clock_timestamp(), acknowledged_by = $2, reason = $3
            where gap_id = $1 and cleared_at is null and reason is distinct from $3""";
    private static final String COUNT = """
            select kind, count(*) as findings from gap_finding
            where cleared_at is null and acknowledged_at is null
            group by kind""";

    private final Database database;

    /** Works in the given database. */
    public GapStore(Database database) {
        this.database = database;
    }

    private static String side(String hour, String name) {
        return SIDE.formatted(hour, GapSql.RESOURCE_KEY, name);
    }

    /**
     * A page of findings, the latest first.
     *
     * @param kind null for all
     * @param state null for all
     * @param before the id of the last one of the page before; null for the first page
     */
    public Future<List<GapFinding>> page(GapKind kind, GapState state, Long before, int size) {
        Tuple values = Tuple.of(size)
                .addString(kind == null ? null : kind.wireName())
                .addString(state == null ? null : state.wireName())
                .addLong(before);
        return database.read(
                connection -> connection.preparedQuery(PAGE).execute(values).map(GapStore::findings));
    }

    /**
     * Says why something is missing, with an entry in the audit; the same again changes nothing.
     *
     * @return the finding as it is now, cleared if that cannot be said any more; empty if there is none
     */
    public Future<Optional<GapFinding>> acknowledge(long gapId, String reason, Actor actor) {
        return database.repeatableTransaction(transaction -> transaction
                .preparedQuery(ACKNOWLEDGE)
                .execute(Tuple.of(gapId, actor.subject(), reason))
                .compose(changed -> find(transaction, gapId)
                        .compose(found -> changed.rowCount() == 0
                                ? Future.succeededFuture(found)
                                : note(transaction, found, reason, actor))));
    }

    private static Future<Optional<GapFinding>> note(
            SqlConnection transaction, Optional<GapFinding> found, String reason, Actor actor) {
        GapFinding finding = found.orElseThrow();
        JsonObject detail = new JsonObject()
                .put("kind", finding.kind().wireName())
                .put("source", finding.source())
                .put("from", finding.from().toString())
                .put("to", finding.to() == null ? null : finding.to().toString());
        return AuditTrail.append(
                        transaction, actor, "gaps.acknowledge", Long.toString(finding.gapId()), reason, detail.encode())
                .map(found);
    }

    /** How many are open, of each kind. */
    public Future<Map<GapKind, Long>> open() {
        return database.read(connection -> connection.preparedQuery(COUNT).execute())
                .map(rows -> {
                    Map<GapKind, Long> counts = new EnumMap<>(GapKind.class);
                    for (GapKind kind : GapKind.values()) {
                        counts.put(kind, 0L);
                    }
                    rows.forEach(row -> counts.put(kind(row), row.getLong("findings")));
                    return counts;
                });
    }

    private static Future<Optional<GapFinding>> find(SqlConnection transaction, long gapId) {
        return transaction
                .preparedQuery(FIND)
                .execute(Tuple.of(1, gapId))
                .map(rows -> findings(rows).stream().findFirst());
    }

    private static List<GapFinding> findings(Iterable<Row> rows) {
        List<GapFinding> findings = new ArrayList<>();
        rows.forEach(row -> findings.add(finding(row)));
        return List.copyOf(findings);
    }

    private static GapKind kind(Row row) {
        return GapKind.named(row.getString("kind")).orElseThrow();
    }

    private static GapFinding finding(Row row) {
        GapKind kind = kind(row);
        Instant from = Rows.instant(row, "from_hour");
        Instant to = Rows.instant(row, "to_hour");
        Instant acknowledgedAt = Rows.instant(row, "acknowledged_at");
        return new GapFinding(
                row.getLong("gap_id"),
                kind,
                row.getLong("registration_id"),
                row.getString("source"),
                kind == GapKind.MISSING_HOURS ? resource(row) : null,
                from,
                to,
                side(row, "before", from.minus(HOUR)),
                side(row, "after", to),
                kind == GapKind.FALLEN_COUNT
                        ? new GapFinding.Counts(row.getLong("expected"), row.getLong("found"))
                        : null,
                Rows.instant(row, "first_seen"),
                acknowledgedAt == null
                        ? null
                        : new GapFinding.Acknowledgement(
                                acknowledgedAt, row.getString("acknowledged_by"), row.getString("reason")),
                Rows.instant(row, "cleared_at"));
    }

    private static GapFinding.Resource resource(Row row) {
        return new GapFinding.Resource(
                new SubscriptionId(row.getUUID("subscription_id")),
                new TenantId(row.getUUID("tenant_id")),
                row.getString("meter_id"),
                row.getString("resource_uri"));
    }

    private static GapFinding.Side side(Row row, String which, Instant hour) {
        Instant reported = Rows.instant(row, which + "_reported");
        return reported == null
                ? null
                : new GapFinding.Side(
                        hour, reported, row.getBigDecimal(which + "_quantity"), row.getLong(which + "_records"));
    }
}
