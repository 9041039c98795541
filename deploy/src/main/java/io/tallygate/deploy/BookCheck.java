package io.tallygate.deploy;

import io.tallygate.routing.ledger.SelfCheck;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the self-check again and again, first when an interval has passed. One that could not be made is made the next
 * time; the metric keeps telling the last one. At the start and after each check it warns of endpoints that are missing.
 */
final class BookCheck extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(BookCheck.class);

    private final SelfCheck check;
    private final UnservedEndpoints unserved;
    private final Duration interval;
    private Future<?> running = Future.succeededFuture();
    private boolean stopped;
    private long timer;

    /** Makes the check every {@code interval}; its observer is told. */
    BookCheck(SelfCheck check, UnservedEndpoints unserved, Duration interval) {
        this.check = check;
        this.unserved = unserved;
        this.interval = interval;
    }

    @Override
    public Future<?> start() {
        then(this::warn);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return running.otherwiseEmpty();
    }

    private void then(Supplier<Future<Void>> work) {
        running = work.get();
        running.onComplete(done -> {
            if (!stopped) {
                timer = vertx.setTimer(interval.toMillis(), due -> then(() -> check().compose(checked -> warn())));
            }
        });
    }

    private Future<Void> check() {
        return tried("check the books", check::check);
    }

    private Future<Void> warn() {
        return tried("look for endpoints that are missing", unserved::warn);
    }

    // What fails must not keep the other from its work.
    private static Future<Void> tried(String what, Supplier<Future<?>> work) {
        return Future.succeededFuture()
                .compose(begun -> work.get())
                .<Void>mapEmpty()
                .recover(failure -> {
                    LOG.warn("Could not {}: will try again", what, failure);
                    return Future.succeededFuture();
                });
    }
}
