package io.tallygate.store.window;

import io.tallygate.store.Rows;
import io.tallygate.store.WindowLock;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;

/**
 * The windows as a transaction that adds records may rely on them until it ends.
 *
 * @param hour the window that takes records now: the one that covers the database clock, or the next one that is open
 * @param closedThrough earlier windows take no more records; null if none was ever closed
 * @param forgottenBefore identities of usage that ended before may be gone; null if none are
 */
public record OpenWindow(Instant hour, Instant closedThrough, Instant forgottenBefore) {
    private static final String READ = """
            select greatest(date_trunc('hour', clock_timestamp(), 'UTC'), closed_through) as open_hour, closed_through,
              floor + interval '24 hours' as forgotten_before
            from window_state cross join retention_state""";

    /** Locks the windows against closing until the transaction ends, and says which one is open. */
    public static Future<OpenWindow> join(SqlConnection transaction) {
        return WindowLock.share(transaction)
                .compose(locked -> transaction.preparedQuery(READ).execute(Tuple.tuple()))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new OpenWindow(
                            Rows.instant(row, "open_hour"),
                            Rows.instant(row, "closed_through"),
                            Rows.instant(row, "forgotten_before"));
                });
    }

    /** Whether the window of this hour takes no more records. */
    public boolean isClosed(Instant hour) {
        return closedThrough != null && hour.isBefore(closedThrough);
    }

    /**
     * Whether the identity of usage that ended then may be gone, with the month in which it was reported. Usage is reported
     * a few minutes ahead of its time at the most; a day allows for clocks that differ.
     */
    public boolean isForgotten(Instant usageEnd) {
        return forgottenBefore != null && usageEnd.isBefore(forgottenBefore);
    }
}
