package io.tallygate.deploy;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that goes on by itself: first when a delay has passed, and again when an interval has passed since it was done. */
abstract class RepeatedWork extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(RepeatedWork.class);

    private final Duration delay;
    private final Duration interval;
    private Future<?> running = Future.succeededFuture();
    private volatile boolean stopped;
    private long timer;

    /** For the first time when a delay has passed. */
    RepeatedWork(Duration delay, Duration interval) {
        this.delay = delay;
        this.interval = interval;
    }

    /** Does it; whatever fails is done the next time. */
    abstract Future<Void> work();

    /** Called when it is stopped: whatever is under way should end soon. */
    void letGo() {}

    @Override
    public final Future<?> start() {
        runAfter(delay);
        return Future.succeededFuture();
    }

    /** Ends when the work under way does. */
    @Override
    public final Future<?> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        letGo();
        return running.otherwiseEmpty();
    }

    /** Whether what is left is to be left for another time. */
    final boolean isStopped() {
        return stopped;
    }

    /** A step that does not keep the others from their work when it fails: that is logged. */
    static Future<Void> tried(String what, Supplier<Future<?>> step) {
        return Future.succeededFuture()
                .compose(begun -> step.get())
                .<Void>mapEmpty()
                .recover(failure -> {
                    LOG.warn("Could not {}: will try again", what, failure);
                    return Future.succeededFuture();
                });
    }

    private void run() {
        running = work();
        running.onComplete(done -> {
            if (!stopped) {
                runAfter(interval);
            }
        });
    }

    private void runAfter(Duration pause) {
        timer = vertx.setTimer(Math.max(1, pause.toMillis()), due -> run());
    }
}
