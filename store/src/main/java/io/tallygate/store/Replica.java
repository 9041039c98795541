package io.tallygate.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second Postgres that follows the primary and is only read. It is asked for windows that it has as sealed ones: each
 * connection says so itself, before the read, since there may be several servers behind one name.
 *
 * <p>It is not asked at all before it was found to be there, to be a copy of the primary and to be reached as an ordinary
 * role; nor after it failed, until it is found so again, which is tried every second.
 */
public final class Replica {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);
    private static final String HAS_SEALED = "select coalesce(sealed_through >= $1, false) as has from window_state";
    private static final String HEAD = "select audit_id, hash from audit_head";
    private static final String KNOWS_HEAD =
            "select exists (select from audit_entry where audit_id = $1 and hash = $2) as known";
    // Classes of what is wrong with a server, or with who asks it: connections, logins, a database that is not there,
    // resources, shutdown, files, itself. Anything else is wrong with a statement, or passes: a conflict with what is
    // replayed, a deadlock with it, a statement that took too long.
    private static final Set<String> UNWELL = Set.of("08", "28", "3D", "53", "58", "XX");

    private final Vertx vertx;
    private final Database primary;
    private final Database replica;
    private final LongAdder answered = new LongAdder();
    private final LongAdder notReplayed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    // Null while it is asked. Whoever makes it something else sees to it that it is looked for again.
    private final AtomicReference<String> problem = new AtomicReference<>("not reached yet");
    private volatile boolean closed;

    private Replica(Vertx vertx, Database primary, Database replica) {
        this.vertx = vertx;
        this.primary = primary;
        this.replica = replica;
    }

    /** Looks for a replica of the primary, and goes on doing so, until {@link #close}. */
    public static Replica open(Vertx vertx, Database primary, DatabaseConfig config) {
        Replica replica = new Replica(vertx, primary, primary.replica(config));
        replica.probe();
        return replica;
    }

    /** How many reads it answered. */
    public long answered() {
        return answered.sum();
    }

    /** How many it did not, since it had not replayed the sealing of what was asked for. */
    public long notReplayed() {
        return notReplayed.sum();
    }

    /** How many failed on it. */
    public long failed() {
        return failed.sum();
    }

    /** What keeps it from being asked. */
    public List<String> warnings() {
        String now = problem.get();
        return now == null ? List.of() : List.of("The replica is not used: " + now);
    }

    /** Asks it no more. */
    public Future<Void> close() {
        closed = true;
        return replica.close();
    }

    boolean isAsked() {
        return problem.get() == null;
    }

    /** Fails for whatever reason if it cannot answer: then the primary is to be asked. */
    <T> Future<T> read(Instant sealedThrough, Function<Reads, Future<T>> work) {
        return work.apply(new UpTo(sealedThrough))
                .onSuccess(answer -> answered.increment())
                .onFailure(this::note);
    }

    private void note(Throwable failure) {
        if (failure instanceof NotReplayed) {
            notReplayed.increment();
            return;
        }
        failed.increment();
        if (!isPassing(failure) && problem.compareAndSet(null, text(failure))) {
            LOG.warn("The replica is not used before it is found to be well again: {}", text(failure));
            later();
        }
    }

    private static boolean isPassing(Throwable failure) {
        Throwable reason = failure instanceof StoreUnavailableException ? failure.getCause() : failure;
        if (!(reason instanceof PgException pg) || pg.getSqlState() == null) {
            return reason instanceof StoreBusyException;
        }
        return !UNWELL.contains(pg.getSqlState().substring(0, 2))
                && !pg.getSqlState().startsWith("57P");
    }

    private static String text(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    private void probe() {
        replica.requireOrdinaryRole()
                .compose(ordinary -> requireCopy())
                .onSuccess(found -> {
                    problem.set(null);
                    LOG.info("Sealed usage is read from the replica");
                })
                .onFailure(failure -> {
                    if (!text(failure).equals(problem.getAndSet(text(failure))) && !closed) {
                        LOG.warn("The replica is not used: {}", text(failure));
                    }
                    later();
                });
    }

    private void later() {
        vertx.timer(PROBE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS).onSuccess(due -> {
            if (!closed) {
                probe();
            }
        });
    }

    // The audit is a chain of hashes: whose last entry is one of ours has our history so far, and nobody else's.
    private Future<Void> requireCopy() {
        return replica.read(connection -> connection.query(HEAD).execute())
                .map(rows -> rows.iterator().next())
                .compose(head -> primary.read(connection -> connection
                        .preparedQuery(KNOWS_HEAD)
                        .execute(Tuple.of(head.getLong("audit_id"), head.getBuffer("hash")))))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    if (!row.getBoolean("known")) {
                        throw new IllegalStateException(
                                "its audit is not the beginning of the primary's: it is no copy");
                    }
                    return null;
                });
    }

    /** Tells what is not replayed yet from what is broken. */
    private static final class NotReplayed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotReplayed() {
            super("Not replayed yet", null, false, false);
        }
    }

    // A later statement on the same connection sees what this one saw, and more.
    private static Future<Void> require(SqlConnection connection, Instant sealedThrough) {
        return connection
                .preparedQuery(HAS_SEALED)
                .execute(Tuple.of(Rows.utc(sealedThrough)))
                .map(rows -> {
                    if (!rows.iterator().next().getBoolean("has")) {
                        throw new NotReplayed();
                    }
                    return null;
                });
    }

    private final class UpTo implements Reads {
        private final Instant sealedThrough;

        UpTo(Instant sealedThrough) {
            this.sealedThrough = sealedThrough;
        }

        @Override
        public <T> Future<T> read(Function<SqlConnection, Future<T>> work) {
            return read(Viewer.operator(), work);
        }

        @Override
        public <T> Future<T> read(Viewer viewer, Function<SqlConnection, Future<T>> work) {
            return replica.readOnce(viewer, connection -> require(connection, sealedThrough), work);
        }
    }
}
