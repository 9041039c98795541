package io.tallygate.store.collect;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.Viewer;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Reads through when collected usage is complete; cheap, however many windows there were. */
public final class CompletenessStore {
    private static final String COMPLETE_THROUGH = """
            coalesce(
              (select min(window_start) from collect_window where source = s.source and collected_at is null),
              s.planned_through) as complete_through""";
    private static final String SOURCES = """
            select s.source, s.registration_id, %s,
              (select count(*) from collect_window where source = s.source and collected_at is null) as waiting,
              clock_timestamp() as now
            from collect_source s
            order by s.source""".formatted(COMPLETE_THROUGH);
    // Of sources of files nobody knows through when they are complete: they are as if their usage was posted.
    private static final String TENANTS = """
            with collected as (
              select registration_id, min(complete_through) as complete_through
              from (select s.registration_id, %s from collect_source s
                where s.registration_id is not null and s.planned_through is not null) sources
              group by registration_id)
            select u.tenant_id, count(*) as subscriptions, count(c.registration_id) as collected,
              min(c.complete_through) as complete_through
            from subscription u
            left join collected c on c.registration_id = u.registration_id
            where ($1::uuid is null or u.tenant_id = $1) and ($2::uuid is null or u.tenant_id > $2)
            group by u.tenant_id
            order by u.tenant_id
            limit $3""".formatted(COMPLETE_THROUGH);

    private final Database database;

    /** Reads from the given database. */
    public CompletenessStore(Database database) {
        this.database = database;
    }

    /** All sources that were ever opened, by their names. */
    public Future<List<SourceCompleteness>> sources() {
        return database.read(
                connection -> connection.preparedQuery(SOURCES).execute().map(CompletenessStore::sources));
    }

    /**
     * Tenants with subscriptions, by their ids, as this viewer sees them.
     *
     * @param only the one that is meant; null for all
     * @param after the tenant before the first; null for none
     * @param size the most there are
     */
    public Future<List<TenantCompleteness>> tenants(Viewer viewer, TenantId only, TenantId after, int size) {
        Tuple values = Tuple.of(only == null ? null : only.value(), after == null ? null : after.value(), size);
        return database.read(
                viewer,
                connection -> connection.preparedQuery(TENANTS).execute(values).map(CompletenessStore::tenants));
    }

    private static List<SourceCompleteness> sources(Iterable<Row> rows) {
        List<SourceCompleteness> sources = new ArrayList<>();
        rows.forEach(row -> sources.add(new SourceCompleteness(
                row.getString("source"),
                row.getLong("registration_id"),
                Rows.instant(row, "complete_through"),
                row.getLong("waiting"),
                Rows.instant(row, "now"))));
        return List.copyOf(sources);
    }

    private static List<TenantCompleteness> tenants(Iterable<Row> rows) {
        List<TenantCompleteness> tenants = new ArrayList<>();
        rows.forEach(row -> tenants.add(new TenantCompleteness(
                new TenantId(row.getUUID("tenant_id")),
                row.getLong("subscriptions"),
                row.getLong("collected"),
                Rows.instant(row, "complete_through"))));
        return List.copyOf(tenants);
    }
}
