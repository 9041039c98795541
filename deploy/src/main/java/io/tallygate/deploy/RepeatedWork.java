package io.tallygate.deploy;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that goes on by itself: at once or in a moment, and again when an interval has passed since it was done. */
abstract class RepeatedWork extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(RepeatedWork.class);

    private final Duration delay;
    private final Duration interval;
    private Future<?> running = Future.succeededFuture();
    private volatile boolean stopped;
    private long timer;

    RepeatedWork(Duration interval) {
        this(Duration.ZERO, interval);
    }

    /** For the first time when a delay has passed. */
    RepeatedWork(Duration delay, Duration interval) {
        this.delay = delay;
        this.interval = interval;
    }

    /** Does it; whatever fails is done the next time. */
    abstract Future<Void> work();

    /** Does it for the first time. */
    Future<Void> begin() {
        return work();
    }

    @Override
    public final Future<?> start() {
        if (delay.isZero()) {
            run(this::begin);
        } else {
            runAfter(delay, this::begin);
        }
        return Future.succeededFuture();
    }

    /** Ends when the work under way does. */
    @Override
    public final Future<?> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
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

    private void run(Supplier<Future<Void>> work) {
        running = work.get();
        running.onComplete(done -> {
            if (!stopped) {
                runAfter(interval, this::work);
            }
        });
    }

    private void runAfter(Duration pause, Supplier<Future<Void>> work) {
        timer = vertx.setTimer(pause.toMillis(), due -> run(work));
    }
}
