package io.tallygate.routing.desk;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads what waits for each endpoint that registrations, events or rows refer to. */
public final class EndpointStore {
    private static final String ALL = """
            with pending as (
              select endpoint, count(*) as events, min(effective_time) as oldest
              from delivery_event where state = 'pending' group by endpoint),
            waiting as (
              select endpoint, count(*) as rows, min(usage_time) as oldest
              from event_row where event_key is null and not netted group by endpoint),
            named as (
              select delivery_endpoint as endpoint from registration
              union select endpoint from endpoint_pause
              union select endpoint from pending
              union select endpoint from waiting)
            select n.endpoint, e.paused_until, e.reason, coalesce(p.events, 0) as pending_events, p.oldest as oldest_pending,
              coalesce(w.rows, 0) as waiting_rows, w.oldest as oldest_waiting, h.reason as hold_reason, h.held_at,
              false as automatic
            from (select 1) one
            left join named n on true
            left join endpoint_pause e using (endpoint)
            left join pending p using (endpoint)
            left join waiting w using (endpoint)
            left join delivery_hold h on true
            order by n.endpoint collate "C\"""";

    private final Database database;

    /** Reads from the given database. */
    public EndpointStore(Database database) {
        this.database = database;
    }

    /** All endpoints by name, and whether delivery is held as a whole. */
    public Future<EndpointStatus.All> all() {
        return database.read(connection ->
                connection.preparedQuery(ALL).execute(Tuple.tuple()).map(EndpointStore::all));
    }

    private static EndpointStatus.All all(Iterable<Row> rows) {
        List<EndpointStatus> endpoints = new ArrayList<>();
        rows.forEach(row -> {
            if (row.getString("endpoint") != null) {
                endpoints.add(endpoint(row));
            }
        });
        return new EndpointStatus.All(Hold.firstOrNull(rows), endpoints);
    }

    private static EndpointStatus endpoint(Row row) {
        Instant until = Rows.instant(row, "paused_until");
        return new EndpointStatus(
                row.getString("endpoint"),
                until,
                row.getString("reason"),
                row.getLong("pending_events"),
                Rows.instant(row, "oldest_pending"),
                row.getLong("waiting_rows"),
                Rows.instant(row, "oldest_waiting"));
    }
}
