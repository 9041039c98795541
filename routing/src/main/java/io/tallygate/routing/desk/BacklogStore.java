package io.tallygate.routing.desk;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Reads how far what goes on by itself is behind, with statements that stay cheap however much waits. */
public final class BacklogStore {
    // The first window may be the one that is not sealed: what was reported first is asked for only then.
    private static final String WINDOWS = """
            select clock_timestamp() as now,
              coalesce(w.sealed_through, w.first_hour, (select min(reported_hour) from usage_record)) as sealed_through,
              coalesce(r.routed_through, w.first_hour) as routed_through
            from window_state w cross join routing_state r""";
    // By probes of the index, one payer after the other, as the next payer to compose for is found. Of each the row of
    // the earliest usage hour; rows that wait for others whose sum they join are not late.
    private static final String DELIVERY = """
            select e.endpoint, clock_timestamp() as now, least(
              (with recursive payer as (
                 (select r.payer_subscription_id as id
                  from event_row r
                  where r.endpoint = e.endpoint and r.event_key is null and not r.netted
                  order by r.payer_subscription_id
                  limit 1)
                 union all
                 select (
                   select r.payer_subscription_id
                   from event_row r
                   where r.endpoint = e.endpoint and r.event_key is null and not r.netted and r.payer_subscription_id > p.id
                   order by r.payer_subscription_id
                   limit 1)
                 from payer p where p.id is not null)
               select min(waiting.reported_time)
               from payer p cross join lateral (
                 select r.reported_time
                 from event_row r
                 where r.endpoint = e.endpoint and r.event_key is null and not r.netted and r.payer_subscription_id = p.id
                   and r.awaited_key is null
                 order by r.usage_time
                 limit 1) waiting
               where p.id is not null),
              (select d.reported_time
               from delivery_event d
               where d.state = 'pending' and d.endpoint = e.endpoint
               order by d.reported_time
               limit 1)) as oldest
            from unnest($1::text[]) e (endpoint)""";

    private final Database database;

    /** Reads from the given database. */
    public BacklogStore(Database database) {
        this.database = database;
    }

    /**
     * How far the windows are.
     *
     * @param now by the database's clock
     * @param sealedThrough null if nothing was ever reported
     * @param routedThrough null if nothing was ever sealed
     */
    public record Windows(Instant now, Instant sealedThrough, Instant routedThrough) {}

    /** How far the windows are. */
    public Future<Windows> windows() {
        return database.read(connection -> connection
                .preparedQuery(WINDOWS)
                .execute(Tuple.tuple())
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Windows(
                            Rows.instant(row, "now"),
                            Rows.instant(row, "sealed_through"),
                            Rows.instant(row, "routed_through"));
                }));
    }

    /** For each of these endpoints how long ago the oldest of what it has not got was reported; zero if it has all. */
    public Future<Map<String, Duration>> undelivered(Collection<String> endpoints) {
        return database.read(connection -> connection
                .preparedQuery(DELIVERY)
                .execute(Tuple.tuple().addArrayOfString(endpoints.toArray(String[]::new)))
                .map(rows -> {
                    Map<String, Duration> ages = new HashMap<>();
                    rows.forEach(row -> ages.put(row.getString("endpoint"), age(row)));
                    return Map.copyOf(ages);
                }));
    }

    // Windows may be closed ahead of their time: then what is reported in them is younger than nothing.
    private static Duration age(Row row) {
        Instant oldest = Rows.instant(row, "oldest");
        Instant now = Rows.instant(row, "now");
        return oldest == null || oldest.isAfter(now) ? Duration.ZERO : Duration.between(oldest, now);
    }
}
