package io.tallygate.routing.delivery;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;

/**
 * Warns, once a minute, while events are pending with more than half of the time gone for which the endpoint takes them.
 * It looks at the endpoint's 10,000 pending events reported first: enough to know that there are some.
 */
final class ExpiryWatch {
    private static final long EVERY_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final String OLD = """
            select count(*)::integer as events, min(effective_time) as oldest, clock_timestamp() as now
            from (
              select effective_time
              from delivery_event
              where state = 'pending' and endpoint = $1
              order by reported_time
              limit 10000) as first_reported
            where effective_time < clock_timestamp() - make_interval(secs => $2)""";

    private final Vertx vertx;
    private final Database database;
    private final Endpoint endpoint;
    private final DeliveryObserver observer;
    private final Trouble trouble;
    private Future<Void> running = Future.succeededFuture();
    private long timer = -1;

    ExpiryWatch(Vertx vertx, Database database, Endpoint endpoint, DeliveryObserver observer) {
        this.vertx = vertx;
        this.database = database;
        this.endpoint = endpoint;
        this.observer = observer;
        trouble = new Trouble("look for events that will expire at the endpoint " + endpoint.name());
    }

    /** Begins, unless the endpoint takes events of any age. */
    void start() {
        endpoint.adapter().terms().maxAge().ifPresent(maxAge -> {
            timer = vertx.setPeriodic(0, EVERY_MILLIS, none -> look(maxAge));
        });
    }

    /** Ends. */
    Future<Void> stop() {
        vertx.cancelTimer(timer);
        return running.otherwiseEmpty();
    }

    private void look(Duration maxAge) {
        running = old(maxAge);
        running.onSuccess(done -> trouble.well()).onFailure(trouble::failed);
    }

    private Future<Void> old(Duration maxAge) {
        Tuple parameters = Tuple.of(endpoint.name(), maxAge.toMillis() / 2000.0);
        return database.read(connection -> connection
                        .preparedQuery(OLD)
                        .execute(parameters)
                        .map(rows -> rows.iterator().next()))
                .map(row -> tell(row, maxAge));
    }

    private Void tell(Row row, Duration maxAge) {
        if (row.getInteger("events") > 0) {
            Instant last = Rows.instant(row, "oldest").plus(maxAge);
            Duration left = Duration.between(Rows.instant(row, "now"), last);
            observer.expiring(endpoint.name(), row.getInteger("events"), left.isNegative() ? Duration.ZERO : left);
        }
        return null;
    }
}
