package io.tallygate.store.retention;

import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes monthly partitions before they are needed, and drops those that are older than the retention. What may be dropped,
 * and that it is dropped whole, the owner's functions see to ({@code V13__retention.sql}): here they are only called. Any
 * number of gateways may do all of it at once.
 */
public final class RetentionStore {
    private static final int MONTHS_AHEAD = 3;
    // Some 16 MiB: a second of work, or two.
    private static final int PAGES = 2000;
    private static final String NOW = "select clock_timestamp() as now";
    private static final String FLOOR = "select floor from retention_state";
    private static final String PAST = """
            select p.month, t.name, t.row_count, t.bytes
            from months_past(make_interval(secs => $1)) as p (month)
            left join lateral month_tables(p.month) t on true""";
    private static final String OBSTACLES = "select obstacle, how_many from month_obstacles($1)";
    private static final String DROP =
            "select dropped, record_count, bytes from drop_month(make_interval(secs => $1)) where dropped is not null";
    private static final String SWEEP = "select removed, done from sweep_dropped(make_interval(secs => $1), $2)";

    private final Database database;
    private final Partitions partitions;

    /** Works in the given database. */
    public RetentionStore(Database database, Partitions partitions) {
        this.database = database;
        this.partitions = partitions;
    }

    /** Makes the partitions of this month and of the next three where they are missing. */
    public Future<Void> makeAhead() {
        return database.read(connection -> connection.preparedQuery(NOW).execute(Tuple.tuple()))
                .map(rows -> YearMonth.from(rows.iterator().next().getOffsetDateTime("now")))
                .compose(month -> {
                    List<Instant> months = new ArrayList<>();
                    for (int ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
                        months.add(
                                month.plusMonths(ahead).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC));
                    }
                    return database.transaction(transaction -> partitions.ensure(transaction, months))
                            .onSuccess(made -> partitions.committed(months));
                });
    }

    /** Where usage begins that is kept, in reported time; null if nothing was ever dropped. */
    public Future<Instant> floor() {
        return database.read(connection -> connection.preparedQuery(FLOOR).execute(Tuple.tuple()))
                .map(rows -> Rows.instant(rows.iterator().next(), "floor"));
    }

    /**
     * The months that are older than this, the oldest first: what they take, and what keeps them.
     *
     * @param keep 62 days at least
     */
    public Future<List<PastMonth>> past(Duration keep) {
        return database.longRead(connection -> connection
                .preparedQuery(PAST)
                .execute(seconds(keep))
                .compose(rows -> obstacles(connection, tables(rows))));
    }

    private static Map<Instant, List<PastMonth.Table>> tables(RowSet<Row> rows) {
        Map<Instant, List<PastMonth.Table>> months = new TreeMap<>();
        for (Row row : rows) {
            List<PastMonth.Table> tables =
                    months.computeIfAbsent(Rows.instant(row, "month"), month -> new ArrayList<>());
            if (row.getString("name") != null) {
                tables.add(new PastMonth.Table(row.getString("name"), row.getLong("row_count"), row.getLong("bytes")));
            }
        }
        return months;
    }

    private static Future<List<PastMonth>> obstacles(
            SqlConnection connection, Map<Instant, List<PastMonth.Table>> months) {
        List<PastMonth> past = new ArrayList<>();
        Future<Void> done = Future.succeededFuture();
        for (Map.Entry<Instant, List<PastMonth.Table>> month : months.entrySet()) {
            done = done.compose(
                            before -> connection.preparedQuery(OBSTACLES).execute(Tuple.of(Rows.utc(month.getKey()))))
                    .map(rows -> {
                        Map<Obstacle, Long> obstacles = new EnumMap<>(Obstacle.class);
                        rows.forEach(row ->
                                obstacles.put(Obstacle.named(row.getString("obstacle")), row.getLong("how_many")));
                        past.add(new PastMonth(month.getKey(), month.getValue(), obstacles));
                        return null;
                    });
        }
        return done.map(read -> List.copyOf(past));
    }

    /**
     * Drops the oldest month if it is older than this, with an entry in the audit. Fails if it is not final, if its books
     * do not balance, or if its tables are in use all the time: then nothing is changed.
     *
     * @param keep 62 days at least
     * @return the month; null if none is old enough, or another gateway is dropping just now
     */
    public Future<DroppedMonth> dropNext(Duration keep, Actor actor) {
        return database.longTransaction(transaction -> transaction
                .preparedQuery(DROP)
                .execute(seconds(keep))
                .map(rows -> rows.size() == 0 ? null : dropped(rows.iterator().next()))
                .compose(dropped -> dropped == null
                        ? Future.succeededFuture()
                        : AuditTrail.append(
                                        transaction,
                                        actor,
                                        "retention.drop",
                                        dropped.month().toString(),
                                        null,
                                        "{\"retention\":\"" + keep + "\",\"records\":" + dropped.records()
                                                + ",\"bytes\":" + dropped.bytes() + "}")
                                .map(dropped)));
    }

    private static DroppedMonth dropped(Row row) {
        Long bytes = row.getLong("bytes");
        return new DroppedMonth(Rows.instant(row, "dropped"), row.getLong("record_count"), bytes == null ? 0 : bytes);
    }

    /**
     * Removes some of what belongs to dropped months and lies in no partition of theirs, identities last.
     *
     * @return whether there may be more; false also if another gateway is at it
     */
    public Future<Boolean> sweepNext(Duration keep) {
        return database.longTransaction(transaction ->
                        transaction.preparedQuery(SWEEP).execute(seconds(keep).addInteger(PAGES)))
                .map(rows -> !rows.iterator().next().getBoolean("done"));
    }

    private static Tuple seconds(Duration keep) {
        return Tuple.of((double) keep.toSeconds());
    }
}
