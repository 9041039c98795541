package io.tallygate.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.TransactionRollbackException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool of connections to Postgres. Every piece of work has a deadline in three layers: Postgres ends a statement
 * that takes too long, the operating system gives up a connection whose peer is gone, and the future fails by itself.
 *
 * <p>Failures are {@link StoreBusyException}, {@link StoreUnavailableException}, or what Postgres says.
 */
public final class Database implements Reads {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Future<Void> NOTHING = Future.succeededFuture();
    // Never at once: in the moment in which work learns that its connection died, the pool does not know it yet, nor of
    // the others that died with it.
    private static final List<Duration> RETRY_AFTER = List.of(Duration.ofMillis(20), Duration.ofMillis(200));

    private final Vertx vertx;
    private final Pool pool;
    private final Duration patience;
    private final RoleNames roles;
    private final TenantReads asTenant;
    private final Places longReads;

    private Database(Vertx vertx, Pool pool, DatabaseConfig config, RoleNames roles) {
        this.vertx = vertx;
        this.pool = pool;
        this.patience = config.statementTimeout();
        this.roles = roles;
        this.asTenant = new TenantReads(roles);
        this.longReads = new Places(Math.max(1, config.poolSize() / 4));
    }

    /** Opens a pool that lives until {@link #close}; connections are made when needed. */
    public static Database open(Vertx vertx, DatabaseConfig config) {
        return open(vertx, config, new RoleNames(config.user()));
    }

    /** Opens a pool to a copy of this one: roles have the names that they have here, whoever logs in. */
    Database replica(DatabaseConfig config) {
        return open(vertx, config, roles);
    }

    private static Database open(Vertx vertx, DatabaseConfig config, RoleNames roles) {
        return new Database(vertx, DatabasePool.open(vertx, config), config, roles);
    }

    /**
     * Reads on a connection of its own. The work is done once more, in a moment, if the connection turns out to be dead,
     * and then a last time: it must not change anything.
     */
    @Override
    public <T> Future<T> read(Function<SqlConnection, Future<T>> work) {
        return retrying(() -> bounded(work, patience));
    }

    /**
     * Like {@link #read}, of what this viewer may see: for a tenant as the tenant role, in a transaction that cannot write.
     * Nothing of the viewer is left on the connection.
     */
    @Override
    public <T> Future<T> read(Viewer viewer, Function<SqlConnection, Future<T>> work) {
        return retrying(() -> readAs(viewer, connection -> NOTHING, work));
    }

    /** Like the other, but tried once, and only if what is done first, as the application, succeeds on its connection. */
    <T> Future<T> readOnce(
            Viewer viewer, Function<SqlConnection, Future<Void>> first, Function<SqlConnection, Future<T>> work) {
        return readAs(viewer, first, work).recover(StoreFailure::translated);
    }

    // What was read is told before its transaction is over, which only then gives the connection back.
    private <T> Future<T> readAs(
            Viewer viewer, Function<SqlConnection, Future<Void>> first, Function<SqlConnection, Future<T>> work) {
        if (!(viewer instanceof Viewer.OfTenant tenant)) {
            return bounded(connection -> first.apply(connection).compose(done -> work.apply(connection)), patience);
        }
        Promise<T> told = Promise.promise();
        bounded(
                        connection ->
                                first.apply(connection).compose(done -> asTenant.read(tenant, connection, work, told)),
                        patience)
                .onFailure(told::tryFail);
        return told.future();
    }

    /** Does the work in one transaction: committed if the future succeeds, else rolled back. */
    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
        return bounded(inTransaction(work), patience).recover(StoreFailure::translated);
    }

    /**
     * Like {@link #transaction}, for what the gateway does by itself with a whole window: it may take ten minutes in
     * all, but a server that falls silent meanwhile is not waited for.
     */
    public <T> Future<T> longTransaction(Function<SqlConnection, Future<T>> work) {
        Function<SqlConnection, Future<T>> patient =
                inTransaction(connection -> patiently(connection, "read write").compose(set -> work.apply(connection)));
        return bounded(connection -> watched(connection, patient.apply(connection)), LONG)
                .recover(StoreFailure::translated);
    }

    /**
     * Like {@link #longTransaction}, for what only wants to know what would happen: the transaction is rolled back in any
     * case.
     */
    public <T> Future<T> longTrial(Function<SqlConnection, Future<T>> work) {
        Function<SqlConnection, Future<T>> patient = connection -> connection
                .begin()
                .compose(transaction -> undone(
                        transaction, patiently(connection, "read write").compose(set -> work.apply(connection))));
        return bounded(connection -> watched(connection, patient.apply(connection)), LONG)
                .recover(StoreFailure::translated);
    }

    /**
     * Like {@link #read}, for what reads the books of many days: it may take ten minutes in all, and a server that falls
     * silent meanwhile is not waited for. A quarter of the connections at the most are lent for it, so that the rest of the
     * work goes on: one more fails with {@link StoreBusyException}.
     */
    public <T> Future<T> longRead(Function<SqlConnection, Future<T>> work) {
        if (!longReads.take()) {
            return Future.failedFuture(new StoreBusyException(new IllegalStateException("Too many long reads")));
        }
        Function<SqlConnection, Future<T>> patient =
                inTransaction(connection -> patiently(connection, "read only").compose(set -> work.apply(connection)));
        return retrying(() -> bounded(connection -> watched(connection, patient.apply(connection)), LONG))
                .onComplete(done -> longReads.leave());
    }

    private <T> Future<T> watched(SqlConnection connection, Future<T> done) {
        new SilenceWatch(vertx, this::read).watch(connection, done, () -> giveUp(connection));
        return done;
    }

    // Only for this transaction: a plain SET would stay with the connection and meet its next user.
    private static Future<Void> patiently(SqlConnection transaction, String access) {
        return transaction
                .query("set transaction " + access + "; set local statement_timeout = " + LONG.toMillis())
                .execute()
                .mapEmpty();
    }

    /**
     * Like {@link #transaction}, for work that is right to repeat even if the first try was committed and only its
     * answer was lost: it is tried once more, in a moment, if the connection died or Postgres ended a deadlock with it, and then
     * a last time.
     */
    public <T> Future<T> repeatableTransaction(Function<SqlConnection, Future<T>> work) {
        return retrying(() -> bounded(inTransaction(work), patience));
    }

    /**
     * Fails unless the connected role is an ordinary one that can become the tenant role: a superuser or the schema's
     * owner could pass by what the database itself guards.
     */
    public Future<Void> requireOrdinaryRole() {
        return read(new OrdinaryRole(roles)::require);
    }

    /** Closes the pool; running work fails. */
    public Future<Void> close() {
        return pool.close();
    }

    // Postgres ends a statement after the given time; the future ends a little later.
    private <T> Future<T> bounded(Function<SqlConnection, Future<T>> work, Duration patience) {
        AtomicReference<SqlConnection> lent = new AtomicReference<>();
        Future<T> done = pool.withConnection(connection -> {
            lent.set(connection);
            return work.apply(connection);
        });
        return inTime(done, patience.plus(GRACE), () -> cancel(lent.get(), done));
    }

    // What the pool's own withTransaction does; but that lends its connection only after BEGIN was answered, and one
    // whose server is silent could not be taken away from it.
    private static <T> Function<SqlConnection, Future<T>> inTransaction(Function<SqlConnection, Future<T>> work) {
        return connection -> connection
                .begin()
                .compose(transaction ->
                        end(transaction, Future.succeededFuture(connection).compose(work)));
    }

    private static <T> Future<T> end(Transaction transaction, Future<T> work) {
        return work.compose(
                result -> transaction.commit().map(result),
                failure -> failure instanceof TransactionRollbackException
                        ? Future.failedFuture(failure)
                        : transaction.rollback().transform(rolledBack -> Future.failedFuture(failure)));
    }

    private static <T> Future<T> undone(Transaction transaction, Future<T> work) {
        return work.compose(
                result -> transaction.rollback().transform(rolledBack -> Future.succeededFuture(result)),
                failure -> transaction.rollback().transform(rolledBack -> Future.failedFuture(failure)));
    }

    private static <T> Future<T> inTime(Future<T> done, Duration limit, Runnable otherwise) {
        return done.timeout(limit.toMillis(), TimeUnit.MILLISECONDS).onFailure(failure -> {
            if (failure instanceof TimeoutException) {
                otherwise.run();
            }
        });
    }

    // The connection goes back to the pool only when the server answers: the next caller never gets one that hangs. A
    // server that stays silent loses it: else silence would use up the pool for ever.
    private static <T> void cancel(SqlConnection connection, Future<T> done) {
        // What is done by now may have left its connection to somebody else.
        if (connection != null && !done.isComplete()) {
            PgConnection.cast(connection)
                    .cancelRequest()
                    .onFailure(failure -> LOG.warn("Could not cancel a statement", failure));
            inTime(done, GRACE, () -> giveUp(connection));
        }
    }

    private static void giveUp(SqlConnection connection) {
        LOG.warn("Postgres does not answer: closing the connection");
        PgSocket.cut(connection);
    }

    private <T> Future<T> retrying(Supplier<Future<T>> work) {
        return attempt(work, 0).recover(StoreFailure::translated);
    }

    private <T> Future<T> attempt(Supplier<Future<T>> work, int retries) {
        return work.get()
                .recover(failure -> StoreFailure.isPassing(failure) && retries < RETRY_AFTER.size()
                        ? later(work, retries)
                        : Future.failedFuture(failure));
    }

    private <T> Future<T> later(Supplier<Future<T>> work, int retries) {
        return vertx.timer(RETRY_AFTER.get(retries).toMillis(), TimeUnit.MILLISECONDS)
                .compose(waited -> attempt(work, retries + 1));
    }
}
