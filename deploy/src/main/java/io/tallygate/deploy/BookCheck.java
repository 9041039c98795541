package io.tallygate.deploy;

import io.tallygate.routing.ledger.Reconciliation;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the books again and again, first when an interval has passed: what does not balance is an error in the log and
 * a metric. A check that fails is tried again the next time; the metric keeps telling the last one.
 */
final class BookCheck extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(BookCheck.class);

    private final Supplier<Future<Reconciliation>> check;
    private final Duration interval;
    private final Consumer<Boolean> observer;
    private Future<Reconciliation> running = Future.succeededFuture();
    private boolean stopped;
    private long timer;

    /**
     * A check that is not running yet.
     *
     * @param observer told after each check whether the books balance
     */
    BookCheck(Supplier<Future<Reconciliation>> check, Duration interval, Consumer<Boolean> observer) {
        this.check = check;
        this.interval = interval;
        this.observer = observer;
    }

    @Override
    public Future<?> start() {
        schedule();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return running.otherwiseEmpty();
    }

    private void schedule() {
        timer = vertx.setTimer(interval.toMillis(), due -> run());
    }

    private void run() {
        running = Future.succeededFuture().compose(begun -> check.get());
        running.onSuccess(this::tell)
                .onFailure(failure -> LOG.warn("Could not check the books: will try again", failure))
                .onComplete(done -> {
                    if (!stopped) {
                        schedule();
                    }
                });
    }

    private void tell(Reconciliation result) {
        observer.accept(result.balanced());
        if (!result.balanced()) {
            LOG.error("The books do not balance from {} to {}: {}", result.from(), result.to(), result.totals());
        }
    }
}
