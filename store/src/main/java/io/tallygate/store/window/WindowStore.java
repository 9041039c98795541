package io.tallygate.store.window;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.WindowLock;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Reads how far the windows are, and closes them. */
public final class WindowStore {
    private static final String STATUS =
            "select clock_timestamp() as now, first_hour, closed_through, sealed_through from window_state";
    private static final String LOCKED_STATUS = STATUS + " for update";
    // All gateways look every few seconds: where nothing is due nothing is locked, and where one is at it nobody waits.
    private static final String DUE = STATUS + """
             where closed_through is null
              or closed_through <= clock_timestamp() - make_interval(secs => $1) - interval '1 hour'
            for update skip locked""";
    private static final String FIRST_RECORD = "select min(reported_hour) as first_hour from usage_record";
    private static final String OPEN_RECORDS = "select count(*) as records from usage_record where reported_hour >= $1";
    private static final String RECENT = "select " + SealedWindow.COLUMNS
            + " from usage_window where reported_hour < $1" + " order by reported_hour desc limit $2";
    private static final String BEGIN =
            "update window_state set first_hour = $1, sealed_through = $1, closed_through = $1 where first_hour is null";
    private static final String CLOSE = "update window_state set closed_through = $1 where closed_through < $1";

    private final Database database;
    private final AtomicReference<Instant> knownSealed = new AtomicReference<>(Instant.MIN);

    /** Works on the windows of the given database. */
    public WindowStore(Database database) {
        this.database = database;
    }

    /** How far the windows are. */
    public Future<WindowStatus> status() {
        return database.read(connection -> status(connection, STATUS));
    }

    /** How many records the windows hold that are not sealed. */
    public Future<Long> unsealedRecords(WindowStatus status) {
        Instant from = status.sealedThrough() == null ? Instant.EPOCH : status.sealedThrough();
        return database.read(connection -> connection
                .preparedQuery(OPEN_RECORDS)
                .execute(Tuple.of(Rows.utc(from)))
                .map(rows -> rows.iterator().next().getLong("records")));
    }

    /** The last windows that are sealed by this status, the latest first. */
    public Future<List<SealedWindow>> recent(WindowStatus status, int most) {
        if (status.sealedThrough() == null) {
            return Future.succeededFuture(List.of());
        }
        return database.read(connection -> connection
                .preparedQuery(RECENT)
                .execute(Tuple.of(Rows.utc(status.sealedThrough()), most))
                .map(rows -> {
                    List<SealedWindow> windows = new ArrayList<>(rows.size());
                    rows.forEach(row -> windows.add(SealedWindow.of(row)));
                    return List.copyOf(windows);
                }));
    }

    /**
     * Whether everything reported before this time is sealed. A yes is remembered: a sealed window stays sealed, so the
     * database is asked only near the watermark.
     */
    public Future<Boolean> isSealedThrough(Instant time) {
        if (!time.isAfter(knownSealed.get())) {
            return Future.succeededFuture(true);
        }
        return status().map(status -> {
            if (status.sealedThrough() == null) {
                return false;
            }
            knownSealed.accumulateAndGet(status.sealedThrough(), (a, b) -> a.isAfter(b) ? a : b);
            return !time.isAfter(status.sealedThrough());
        });
    }

    /** Closes the windows that ended at least {@code lag} ago; none before the first record came, nor while another does. */
    public Future<Void> closeDue(Duration lag) {
        return database.transaction(transaction -> status(transaction, DUE, Tuple.of(Rows.seconds(lag)))
                .compose(status -> status == null
                        ? Future.succeededFuture()
                        : close(
                                        transaction,
                                        status,
                                        AggregationGranularity.Hourly.floor(
                                                status.now().minus(lag)),
                                        false)
                                .mapEmpty()));
    }

    /** Closes all windows before this whole hour, on an operator's word: what comes later joins the following one. */
    public Future<WindowStatus> closeThrough(Instant through, Actor actor) {
        return database.transaction(transaction -> status(transaction, LOCKED_STATUS)
                .compose(status -> close(transaction, status, through, true))
                .compose(status -> AuditTrail.append(
                                transaction,
                                actor,
                                "windows.seal",
                                through.toString(),
                                null,
                                "{\"before\":" + quotedOrNull(status.closedThrough()) + "}")
                        .map(status)));
    }

    private static String quotedOrNull(Instant time) {
        return time == null ? "null" : "\"" + time + "\"";
    }

    // The row is locked before the windows: nobody who adds records may have to wait for who waits for the row.
    private static Future<WindowStatus> close(
            SqlConnection transaction, WindowStatus status, Instant through, boolean evenIfEmpty) {
        if (status.closedThrough() != null && !through.isAfter(status.closedThrough())) {
            return Future.succeededFuture(status);
        }
        return WindowLock.hold(transaction)
                .compose(locked -> begin(transaction, status, through, evenIfEmpty))
                .compose(begun -> transaction.preparedQuery(CLOSE).execute(Tuple.of(Rows.utc(through))))
                .map(status);
    }

    // The first window is that of the first record; before it, an operator's word begins the windows.
    private static Future<Void> begin(
            SqlConnection transaction, WindowStatus status, Instant through, boolean evenIfEmpty) {
        if (status.firstHour() != null) {
            return Future.succeededFuture();
        }
        return transaction.preparedQuery(FIRST_RECORD).execute(Tuple.tuple()).compose(rows -> {
            Instant record = Rows.instant(rows.iterator().next(), "first_hour");
            boolean due = record != null && !record.isAfter(through);
            return !due && !evenIfEmpty
                    ? Future.succeededFuture()
                    : transaction
                            .preparedQuery(BEGIN)
                            .execute(Tuple.of(Rows.utc(due ? record : through)))
                            .mapEmpty();
        });
    }

    private static Future<WindowStatus> status(SqlConnection connection, String sql) {
        return status(connection, sql, Tuple.tuple());
    }

    // Null where there is no such row.
    private static Future<WindowStatus> status(SqlConnection connection, String sql, Tuple parameters) {
        return connection.preparedQuery(sql).execute(parameters).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            return new WindowStatus(
                    Rows.instant(row, "now"),
                    Rows.instant(row, "first_hour"),
                    Rows.instant(row, "closed_through"),
                    Rows.instant(row, "sealed_through"));
        });
    }
}
