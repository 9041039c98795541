package io.tallygate.store.collect;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.tallygate.store.collect.CollectedWindow.Filter;
import io.tallygate.store.collect.CollectedWindow.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a person does about sources: looks at their windows, has one pulled again, ends a source. */
public final class CollectDesk {
    // Before all else, as in CollectStore.
    private static final String LOCK = """
            select s.ended_at is not null as ended,
              coalesce(s.seen_at > clock_timestamp() - interval '3 minutes', false) or exists (
                select from collect_window where source = $1 and leased_until > clock_timestamp()) or exists (
                select from collect_file where source = $1 and leased_until > clock_timestamp()) as collected
            from collect_source s where s.source = $1 for no key update""";
    private static final String END = """
            with missing_no_more as (
              update gap_finding set cleared_at = clock_timestamp()
              where kind = 'silentSource' and source = 'collect:' || $1 and to_hour is null and cleared_at is null)
            update collect_source set ended_at = clock_timestamp(), failures = 0, paused_until = null
            where source = $1""";
    private static final String EXISTS = "select exists (select from collect_source where source = $1)";
    private static final String COLUMNS = """
            window_start, window_end, attempts, next_attempt_at, collected_at, again_at, problem,
            row_count, accepted, duplicate, conflict, quarantined, rejected,
            coalesce(leased_until > clock_timestamp(), false) as under_way""";
    private static final String WINDOWS = "select " + COLUMNS + """
             from collect_window
            where source = $1 and ($2::timestamptz is null or window_start < $2)
              and case $3::text when 'open' then collected_at is null or again_at is not null
                when 'problem' then problem is not null else true end
            order by window_start desc
            limit $4""";
    // Of one that waits already nothing changes but that it waits no longer.
    private static final String PULL = """
            update collect_window
            set again_at = case when collected_at is not null then coalesce(again_at, clock_timestamp()) end,
              next_attempt_at = least(next_attempt_at, clock_timestamp())
            where source = $1 and window_start = $2
              and exists (select from collect_source s where s.source = $1 and s.ended_at is null)
            returning\s""" + COLUMNS;

    private final Database database;

    /** How a source was ended. */
    public enum Ending {
        /** It is, now or before. */
        Ended,
        /** There is no such source. */
        Absent,
        /** A gateway collects it. */
        Collected
    }

    /** Works in the given database. */
    public CollectDesk(Database database) {
        this.database = database;
    }

    /** Ends a source that nobody collects; its windows stay, and nothing waits for it any more. */
    public Future<Ending> end(String source, Actor actor) {
        return database.repeatableTransaction(transaction -> transaction
                .preparedQuery(LOCK)
                .execute(Tuple.of(source))
                .compose(rows -> rows.size() == 0
                        ? Future.succeededFuture(Ending.Absent)
                        : end(transaction, source, rows.iterator().next(), actor)));
    }

    private static Future<Ending> end(SqlConnection transaction, String source, Row found, Actor actor) {
        if (found.getBoolean("ended")) {
            return Future.succeededFuture(Ending.Ended);
        }
        if (found.getBoolean("collected")) {
            return Future.succeededFuture(Ending.Collected);
        }
        return transaction
                .preparedQuery(END)
                .execute(Tuple.of(source))
                .compose(
                        ended -> AuditTrail.append(transaction, actor, "sources.end", "/sources/" + source, null, "{}"))
                .map(appended -> Ending.Ended);
    }

    /**
     * The windows of a source, the latest first.
     *
     * @param before those that begin before then; null for all
     * @param filter null for all
     * @return empty if there is no such source
     */
    public Future<Optional<List<CollectedWindow>>> windows(String source, Instant before, Filter filter, int size) {
        Tuple values = Tuple.of(source, Rows.utc(before), filter == null ? null : filter.name(), size);
        return database.read(connection -> connection
                .preparedQuery(EXISTS)
                .execute(Tuple.of(source))
                .compose(known -> known.iterator().next().getBoolean(0)
                        ? connection.preparedQuery(WINDOWS).execute(values).map(CollectDesk::windows)
                        : Future.succeededFuture(Optional.empty())));
    }

    /**
     * Lets a window be pulled as soon as a gateway comes to it, also if it is collected. That adds nothing but what the source
     * did not say before.
     *
     * @return empty if there is no such window, or its source is ended
     */
    public Future<Optional<CollectedWindow>> pull(String source, Instant from, Actor actor) {
        return database.repeatableTransaction(transaction -> transaction
                .preparedQuery(LOCK)
                .execute(Tuple.of(source))
                .compose(locked -> transaction.preparedQuery(PULL).execute(Tuple.of(source, Rows.utc(from))))
                .compose(rows -> rows.size() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : audited(transaction, source, window(rows.iterator().next()), actor)));
    }

    private static Future<Optional<CollectedWindow>> audited(
            SqlConnection transaction, String source, CollectedWindow window, Actor actor) {
        String detail = new JsonObject().put("from", window.from().toString()).encode();
        return AuditTrail.append(transaction, actor, "sources.pull", "/sources/" + source, null, detail)
                .map(appended -> Optional.of(window));
    }

    private static Optional<List<CollectedWindow>> windows(Iterable<Row> rows) {
        List<CollectedWindow> windows = new ArrayList<>();
        rows.forEach(row -> windows.add(window(row)));
        return Optional.of(List.copyOf(windows));
    }

    private static CollectedWindow window(Row row) {
        boolean done = row.getValue("collected_at") != null && row.getValue("again_at") == null;
        return new CollectedWindow(
                Rows.instant(row, "window_start"),
                Rows.instant(row, "window_end"),
                done ? State.collected : row.getBoolean("under_way") ? State.underWay : State.waiting,
                row.getInteger("attempts"),
                done ? null : Rows.instant(row, "next_attempt_at"),
                Rows.instant(row, "collected_at"),
                row.getValue("collected_at") == null ? null : CollectCounts.of(row),
                row.getString("problem"));
    }
}
