package io.tallygate.store.window;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.window.UsageSource.Hour;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Reads which sources reported usage, for which hours. */
public final class UsageSourceStore {
    // Names are found one after the other in the index, which has a thousand entries of each.
    private static final String PAGE = """
            with recursive page (source, place) as (
              select (select min(source) from usage_source_hour where $3::text is null or source > $3), 1
              union all
              select (select min(h.source) from usage_source_hour h where h.source > page.source), page.place + 1
              from page
              where page.source is not null and page.place < $4)
            select clock_timestamp() as now, case when require_usage_kept($1) then w.sealed_through end as sealed_through, p.source, ever.first_hour, ever.last_hour, asked.hours,
              asked.records
            from window_state w
            left join page p on p.source is not null
            left join lateral (
              select min(usage_hour) as first_hour, max(usage_hour) as last_hour
              from usage_source_hour
              where source = p.source) ever on true
            left join lateral (
              select array_agg(usage_hour order by usage_hour) as hours, array_agg(records order by usage_hour) as records
              from (
                select usage_hour, sum(record_count)::bigint as records
                from usage_source_hour
                where source = p.source and usage_hour >= $1 and usage_hour < $2
                group by usage_hour) h) asked on true
            order by p.place""";

    private final Database database;

    /** Reads from the given database. */
    public UsageSourceStore(Database database) {
        this.database = database;
    }

    /**
     * The sources whose names come after the given one, whatever the range; null for the first. Fails with a
     * {@link io.tallygate.store.NotKeptException} if the range begins before what is kept.
     *
     * @param from the first usage hour of which records are counted
     * @param to the first one of which they are not
     * @param size the most there are
     */
    public Future<UsageSources> page(Instant from, Instant to, String after, int size) {
        return database.read(connection -> connection
                .preparedQuery(PAGE)
                .execute(Tuple.of(Rows.utc(from), Rows.utc(to), after, size))
                .map(UsageSourceStore::sources));
    }

    private static UsageSources sources(Iterable<Row> rows) {
        Row any = rows.iterator().next();
        List<UsageSource> sources = new ArrayList<>();
        rows.forEach(row -> {
            if (row.getString("source") != null) {
                sources.add(source(row));
            }
        });
        return new UsageSources(Rows.instant(any, "now"), Rows.instant(any, "sealed_through"), List.copyOf(sources));
    }

    private static UsageSource source(Row row) {
        OffsetDateTime[] times = row.getArrayOfOffsetDateTimes("hours");
        Long[] records = row.getArrayOfLongs("records");
        List<Hour> hours = new ArrayList<>();
        for (int i = 0; times != null && i < times.length; i++) {
            hours.add(new Hour(times[i].toInstant(), records[i]));
        }
        return new UsageSource(
                row.getString("source"), Rows.instant(row, "first_hour"), Rows.instant(row, "last_hour"), hours);
    }
}
