package io.tallygate.routing.ledger;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The self-check, made by one gateway an interval, whatever their number; the others are told what it found. */
public final class SharedCheck {
    // Two that come at once: the second waits for the row, and then finds that it is not due any more.
    private static final String TAKE = """
            update book_check set taken_at = clock_timestamp()
            where taken_at is null or taken_at <= clock_timestamp() - make_interval(secs => $1)""";
    private static final String NOTE = "update book_check set checked_at = clock_timestamp(), balanced = $1";
    private static final String LAST = "select checked_at, balanced from book_check where checked_at is not null";

    private final Database database;
    private final SelfCheck check;
    private final Duration interval;

    /** What the last check found, whoever made it. */
    public record Found(Instant checkedAt, boolean balanced) {}

    /** Lets one gateway make this check in an interval. */
    public SharedCheck(Database database, SelfCheck check, Duration interval) {
        this.database = database;
        this.check = check;
        this.interval = interval;
    }

    /**
     * Makes the check if it is due and nobody else makes it; its observer is told.
     *
     * @return whether it was made here
     */
    public Future<Boolean> checkIfDue() {
        return database.transaction(transaction -> transaction
                        .preparedQuery(TAKE)
                        .execute(Tuple.of(Rows.seconds(interval)))
                        .map(taken -> taken.rowCount() == 1))
                .compose(mine -> mine ? check.check().compose(this::note).map(true) : Future.succeededFuture(false));
    }

    /** What the last check found; empty before the first. */
    public Future<Optional<Found>> last() {
        return database.read(connection -> connection.preparedQuery(LAST).execute(Tuple.tuple()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(found(rows.iterator().next())));
    }

    private static Found found(Row row) {
        return new Found(Rows.instant(row, "checked_at"), row.getBoolean("balanced"));
    }

    private Future<Void> note(Reconciliation books) {
        return database.repeatableTransaction(transaction -> transaction
                .preparedQuery(NOTE)
                .execute(Tuple.of(books.balanced()))
                .mapEmpty());
    }
}
