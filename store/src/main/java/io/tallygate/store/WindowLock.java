package io.tallygate.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/**
 * The lock that keeps records out of closed windows. Whoever adds records holds it shared from before it reads
 * {@code closed_through} until its commit; whoever closes windows holds it exclusively while it moves
 * {@code closed_through}. So no commit can add to a window after it was closed. Closing is short: aggregating comes
 * later, without the lock. Who moves a subscription to another provider shares it, so that nothing is closed meanwhile.
 */
public final class WindowLock {
    private static final String KEY = "hashtextextended('tallygate windows', 0)";

    private WindowLock() {}

    /** Takes the lock for adding records, until the transaction ends. */
    public static Future<Void> share(SqlConnection transaction) {
        return lock(transaction, "select pg_advisory_xact_lock_shared(" + KEY + ")");
    }

    /** Takes the lock for closing windows, until the transaction ends; waits for the transactions that add records. */
    public static Future<Void> hold(SqlConnection transaction) {
        return lock(transaction, "select pg_advisory_xact_lock(" + KEY + ")");
    }

    // A statement of its own: the next one then sees what was committed while this one waited.
    private static Future<Void> lock(SqlConnection transaction, String sql) {
        return transaction.preparedQuery(sql).execute(Tuple.tuple()).mapEmpty();
    }
}
