package io.tallygate.store;

import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** What failures of the client and of Postgres mean. */
final class StoreFailure {
    private static final String ADMIN_SHUTDOWN = "57P01";
    // Serialization failure and deadlock: Postgres chose this one to be undone, so that another could go on.
    private static final Set<String> LOST_WAITS = Set.of("40001", "40P01");
    // Of require_kept and require_usage_kept: the message is the floor.
    private static final String NOT_KEPT = "TG400";
    // How the pool says that nobody gave a connection back in time.
    private static final String WAITED_TOO_LONG = "Timeout";

    private StoreFailure() {}

    /**
     * Failed with a {@link StoreBusyException}, a {@link StoreUnavailableException}, a {@link NotKeptException}, or as it is.
     */
    static <T> Future<T> translated(Throwable failure) {
        if (failure instanceof ConnectionPoolTooBusyException || WAITED_TOO_LONG.equals(failure.getMessage())) {
            return Future.failedFuture(new StoreBusyException(failure));
        }
        if (failure instanceof PgException pg && NOT_KEPT.equals(pg.getSqlState())) {
            Instant floor = Instant.ofEpochSecond(Long.parseLong(pg.getErrorMessage()));
            return Future.failedFuture(new NotKeptException(floor, failure));
        }
        boolean away = isDeadConnection(failure) || failure instanceof TimeoutException || isServerAway(failure);
        return Future.failedFuture(away ? new StoreUnavailableException(failure) : failure);
    }

    /** Whether the connection is gone: what was asked on it may be asked on another. */
    static boolean isDeadConnection(Throwable failure) {
        if (failure instanceof PgException pg) {
            return ADMIN_SHUTDOWN.equals(pg.getSqlState());
        }
        return failure instanceof ClosedConnectionException
                || failure instanceof IOException
                || (failure instanceof VertxException
                        && !(failure instanceof ConnectionPoolTooBusyException)
                        && String.valueOf(failure.getMessage()).contains("onnection"));
    }

    /** Whether the work was undone for a reason that is mostly gone when it is done again. */
    static boolean isPassing(Throwable failure) {
        return isDeadConnection(failure)
                || (failure instanceof PgException pg && LOST_WAITS.contains(pg.getSqlState()));
    }

    // Classes 08 connection, 53 out of resources, 57 operator intervention (shutdown, statement timeout); 55P03 is a
    // lock that was not had in time.
    private static boolean isServerAway(Throwable failure) {
        if (!(failure instanceof PgException pg) || pg.getSqlState() == null) {
            return false;
        }
        String state = pg.getSqlState();
        return state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.equals("55P03")
                || LOST_WAITS.contains(state);
    }
}
