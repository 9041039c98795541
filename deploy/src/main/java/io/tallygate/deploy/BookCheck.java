package io.tallygate.deploy;

import io.tallygate.routing.ledger.SharedCheck;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks ten times an interval whether the self-check is due and nobody else makes it, and tells what the last one found,
 * whoever made it. One that could not be made is made an interval later. At the start and after each check that was made
 * here it warns of endpoints that are missing.
 */
final class BookCheck extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(BookCheck.class);

    private static final int LOOKS = 10;
    private static final Future<Void> NOTHING = Future.succeededFuture();

    private final SharedCheck check;
    private final UnservedEndpoints unserved;
    private final Consumer<SharedCheck.Found> told;
    private final long lookMillis;
    private Future<?> running = Future.succeededFuture();
    private boolean stopped;
    private long timer;

    /** Looks for a check that is due once in an {@code interval}; {@code told} is what the last one found. */
    BookCheck(SharedCheck check, UnservedEndpoints unserved, Consumer<SharedCheck.Found> told, Duration interval) {
        this.check = check;
        this.unserved = unserved;
        this.told = told;
        this.lookMillis = Math.max(1, interval.toMillis() / LOOKS);
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
                timer = vertx.setTimer(lookMillis, due -> then(this::look));
            }
        });
    }

    private Future<Void> look() {
        return tried("check the books", () -> check.checkIfDue().compose(made -> made ? warn() : NOTHING))
                .compose(looked -> tried("see what the last check of the books found", this::tell));
    }

    private Future<Void> tell() {
        return check.last().map(found -> {
            found.ifPresent(told);
            return null;
        });
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
