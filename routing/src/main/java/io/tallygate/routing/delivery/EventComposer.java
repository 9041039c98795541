package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.Terms;
import io.tallygate.routing.delivery.Grouper.Progress;
import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;

/**
 * Puts the routed rows that are due at one endpoint into events, with bytes that never change any more. Each call is one
 * bounded transaction or a few: events, their slots and their rows are all there, or the rows wait as before.
 *
 * <p>One composer per endpoint works at a time, over all gateways: whoever does not get the endpoint's lock leaves the
 * work to the one that holds it. A re-route, which changes what waits, takes the other lock exclusively, and holds up
 * all composers. The locks are taken by a statement of their own, so that the next one sees what the holder before
 * committed; and nobody ever waits for one, so that a re-route that waits comes next.
 */
public final class EventComposer {
    // Plans are made for the actual parameters: how long an array is decides how it is joined. What they are
    // said to cost is no reason to compile them.
    private static final String TRY = """
            select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true),
              pg_try_advisory_xact_lock_shared(hashtextextended('tallygate composing', 0))
                and pg_try_advisory_xact_lock(hashtextextended('tallygate composing ' || $1, 0)) as mine""";
    private static final String MOMENT = """
            select clock_timestamp() as now, s.routed_through,
              (select u.seq from routed_usage u where u.reported_time = s.routed_through order by u.seq desc limit 1)
                as moved,
              exists (
                select from event_row r
                where r.endpoint = $1 and r.awaited_key is not null and r.event_key is null and not r.netted) as awaiting
            from routing_state s""";

    private final Database database;
    private final Endpoint endpoint;
    private final Terms terms;
    private final Grouper grouper;
    private final AwaitedRows awaited;
    // What was found out about a moment need not be found out again while it lasts.
    private volatile Moment known;
    private volatile boolean exhausted;

    /** Composes for one endpoint; one call at a time. */
    public EventComposer(Database database, Endpoint endpoint) {
        this.database = database;
        this.endpoint = endpoint;
        this.terms = endpoint.adapter().terms();
        EventBook book = new EventBook(endpoint.name(), terms.slots());
        this.awaited = new AwaitedRows(endpoint.name(), book);
        this.grouper = switch (terms.grouping()) {
            case ROW -> new RowGrouper(endpoint, book);
            case HOUR -> new HourGrouper(endpoint, book);
            case DAY -> new DayGrouper(endpoint, book);
        };
    }

    /**
     * Composes some of what is due, up to a few thousand rows.
     *
     * @return how many events were made; 0 if nothing is due, or another composer or a re-route is at work
     */
    public Future<Integer> composeNext() {
        return database.longTransaction(this::compose)
                .compose(progress -> progress.events() > 0 || progress.exhausted()
                        ? Future.succeededFuture(progress.events())
                        : composeNext());
    }

    private Future<Progress> compose(SqlConnection transaction) {
        return transaction
                .preparedQuery(TRY)
                .execute(Tuple.of(endpoint.name()))
                .compose(rows -> rows.iterator().next().getBoolean("mine")
                        ? transaction
                                .preparedQuery(MOMENT)
                                .execute(Tuple.of(endpoint.name()))
                                .map(found -> found.iterator().next())
                        : Future.succeededFuture())
                .compose(now -> now == null || now.getValue("routed_through") == null
                        ? Future.succeededFuture(new Progress(0, true))
                        : compose(transaction, now));
    }

    private Future<Progress> compose(SqlConnection transaction, Row now) {
        Instant routedThrough = Rows.instant(now, "routed_through");
        Moment moment = Moment.of(Rows.instant(now, "now"), routedThrough, now.getInteger("moved"), terms);
        Future<Integer> waived = now.getBoolean("awaiting") ? endWaiting(transaction) : Future.succeededFuture(0);
        return waived.compose(events ->
                events > 0 ? Future.succeededFuture(new Progress(events, false)) : composeAt(transaction, moment));
    }

    private Future<Integer> endWaiting(SqlConnection transaction) {
        return awaited.release(transaction).compose(released -> {
            if (released > 0) {
                known = null;
            }
            return awaited.waive(transaction);
        });
    }

    private Future<Progress> composeAt(SqlConnection transaction, Moment moment) {
        if (!moment.equals(known)) {
            known = moment;
            exhausted = false;
            grouper.lookAgain();
        }
        if (exhausted) {
            return Future.succeededFuture(new Progress(0, true));
        }
        return grouper.composeSome(transaction, moment).map(progress -> {
            exhausted = progress.exhausted();
            return progress;
        });
    }
}
