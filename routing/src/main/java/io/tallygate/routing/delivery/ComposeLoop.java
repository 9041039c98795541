package io.tallygate.routing.delivery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/** Composes for one endpoint as long as there is something due, else looks for it every interval. On one event loop. */
final class ComposeLoop {
    private final Vertx vertx;
    private final String endpoint;
    private final Supplier<Future<Integer>> composer;
    private final DeliveryObserver observer;
    private final Duration interval;
    private final Trouble trouble;
    private Future<Integer> running = Future.succeededFuture(0);
    private boolean stopped;
    private long timer;

    /** The composer makes some events in one transaction and says how many; 0: nothing is due. */
    ComposeLoop(
            Vertx vertx,
            String endpoint,
            Supplier<Future<Integer>> composer,
            DeliveryObserver observer,
            Duration interval) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.composer = composer;
        this.observer = observer;
        this.interval = interval;
        trouble = new Trouble("compose events for the endpoint " + endpoint);
    }

    /** Begins. */
    void start() {
        run();
    }

    /** Begins nothing more; the future ends with what is under way. */
    Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return running.<Void>mapEmpty().otherwiseEmpty();
    }

    private void run() {
        running = Future.succeededFuture().compose(begun -> composer.get());
        running.onSuccess(this::composed).onFailure(this::notComposed);
    }

    private void composed(int events) {
        trouble.well();
        if (events > 0) {
            observer.composed(endpoint, events);
        }
        if (!stopped && events > 0) {
            run();
        } else {
            later();
        }
    }

    private void notComposed(Throwable failure) {
        trouble.failed(failure);
        later();
    }

    private void later() {
        if (!stopped) {
            timer = vertx.setTimer(interval.toMillis(), none -> run());
        }
    }
}
