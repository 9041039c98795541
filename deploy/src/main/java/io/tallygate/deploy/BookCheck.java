package io.tallygate.deploy;

import io.tallygate.routing.ledger.SelfCheck;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the self-check again and again, first when an interval has passed. One that could not be made is made the next
 * time; the metric keeps telling the last one.
 */
final class BookCheck extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(BookCheck.class);

    private final SelfCheck check;
    private final Duration interval;
    private Future<?> running = Future.succeededFuture();
    private boolean stopped;
    private long timer;

    /** Makes the check every {@code interval}; its observer is told. */
    BookCheck(SelfCheck check, Duration interval) {
        this.check = check;
        this.interval = interval;
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
        running = Future.succeededFuture().compose(begun -> check.check());
        running.onFailure(failure -> LOG.warn("Could not check the books: will try again", failure))
                .onComplete(done -> {
                    if (!stopped) {
                        schedule();
                    }
                });
    }
}
