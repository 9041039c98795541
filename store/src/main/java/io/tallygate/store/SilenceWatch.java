package io.tallygate.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Watches a connection on which something long is done, from another one. If whatever lies between us and the server
 * swallowed a statement or its answer, nothing more is ever heard on that connection; asked elsewhere, the server says
 * that it waits for us there.
 */
final class SilenceWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final String LOOK = """
            select case when state <> 'active' then state_change end as waiting_since
            from pg_stat_activity where pid = $1""";

    private final Vertx vertx;
    private final Function<Function<SqlConnection, Future<RowSet<Row>>>, Future<RowSet<Row>>> elsewhere;

    /** Looks on connections that this function lends. */
    SilenceWatch(Vertx vertx, Function<Function<SqlConnection, Future<RowSet<Row>>>, Future<RowSet<Row>>> elsewhere) {
        this.vertx = vertx;
        this.elsewhere = elsewhere;
    }

    /** Until the work is done: {@code lost} is run if the server's process is gone, or waits for us all the time. */
    void watch(SqlConnection connection, Future<?> done, Runnable lost) {
        lookAgain(PgConnection.cast(connection).processId(), null, done, lost);
    }

    private void lookAgain(int process, Instant waitingBefore, Future<?> done, Runnable lost) {
        vertx.timer(INTERVAL.toMillis(), TimeUnit.MILLISECONDS).onSuccess(due -> {
            if (!done.isComplete()) {
                look(process, waitingBefore, done, lost);
            }
        });
    }

    private void look(int process, Instant waitingBefore, Future<?> done, Runnable lost) {
        elsewhere
                .apply(connection -> connection.preparedQuery(LOOK).execute(Tuple.of(process)))
                .onSuccess(rows -> {
                    RowIterator<Row> found = rows.iterator();
                    Instant waiting = found.hasNext() ? Rows.instant(found.next(), "waiting_since") : waitingBefore;
                    if (done.isComplete()) {
                        return;
                    }
                    // Between two statements of ours lie moments: one that waits at both looks waits for ever.
                    if (rows.size() == 0 || (waiting != null && waiting.equals(waitingBefore))) {
                        lost.run();
                    } else {
                        lookAgain(process, waiting, done, lost);
                    }
                })
                .onFailure(cannotTell -> lookAgain(process, waitingBefore, done, lost));
    }
}
