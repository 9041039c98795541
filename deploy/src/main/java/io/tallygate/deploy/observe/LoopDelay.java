package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late event loops are: each is asked to do nothing ten times a second, and how much later than that it did is
 * how long everything else on it waited.
 */
final class LoopDelay extends VerticleBase {
    private static final long EVERY_MILLIS = 100;

    private final Timer delays;
    private long timer;
    private long due;

    private LoopDelay(Timer delays) {
        this.delays = delays;
    }

    /** Begins on every event loop. */
    static Future<String> deploy(Vertx vertx, MeterRegistry registry) {
        Timer delays = Timer.builder("tallygate.loop.delay")
                .description("How late event loops come to what is due, in the last minutes")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        // One after the other they are given to the loops.
        return vertx.deployVerticle(
                () -> (Deployable) new LoopDelay(delays),
                new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE));
    }

    @Override
    public Future<?> start() {
        next();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        vertx.cancelTimer(timer);
        return Future.succeededFuture();
    }

    private void next() {
        due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
        timer = vertx.setTimer(EVERY_MILLIS, now -> {
            delays.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
            next();
        });
    }
}
