package io.tallygate.deploy;

import io.tallygate.deploy.observe.WorkMetrics;
import io.tallygate.routing.payer.UsageRouter;
import io.tallygate.store.usage.HeldRecordStore;
import io.tallygate.store.window.WindowSealer;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What goes on by itself: known records leave quarantine, windows are closed and sealed, sealed windows are routed. Any
 * number of gateways may run it at once: each step is a transaction that one of them wins. After a pause it catches up,
 * window by window.
 */
final class UsagePipeline extends RepeatedWork {
    private final HeldRecordStore held;
    private final WindowStore windows;
    private final WindowSealer sealer;
    private final UsageRouter router;
    private final Duration lag;
    private final WorkMetrics metrics;

    /**
     * Looks for work every {@code interval}.
     *
     * @param lag how long after its end a window is closed
     */
    UsagePipeline(
            HeldRecordStore held,
            WindowStore windows,
            WindowSealer sealer,
            UsageRouter router,
            Duration lag,
            Duration interval,
            WorkMetrics metrics) {
        super(Duration.ZERO, interval);
        this.held = held;
        this.windows = windows;
        this.sealer = sealer;
        this.router = router;
        this.lag = lag;
        this.metrics = metrics;
    }

    // A step that fails must not keep the others from their work: each is tried, and tried again the next time.
    @Override
    Future<Void> work() {
        return step("release", () -> whileTrue(() -> held.release().map(count -> count > 0)))
                .compose(done -> step("close", () -> windows.closeDue(lag)))
                .compose(done -> step("seal", () -> whileTrue(() -> timed(sealer::sealNext, metrics::sealed))))
                .compose(done -> step("route", () -> whileTrue(() -> timed(router::routeNext, metrics::routed))));
    }

    private Future<Void> whileTrue(Supplier<Future<Boolean>> work) {
        return work.get().compose(more -> more && !isStopped() ? whileTrue(work) : Future.succeededFuture());
    }

    // What found nothing to do took no time worth telling.
    private static Future<Boolean> timed(Supplier<Future<Boolean>> work, Consumer<Duration> took) {
        long began = System.nanoTime();
        return work.get().onSuccess(done -> {
            if (done) {
                took.accept(Duration.ofNanos(System.nanoTime() - began));
            }
        });
    }

    private Future<Void> step(String name, Supplier<Future<Void>> work) {
        return tried(name, () -> work.get().onFailure(failure -> metrics.failed(name)));
    }
}
