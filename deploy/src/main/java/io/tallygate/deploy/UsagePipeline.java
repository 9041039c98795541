package io.tallygate.deploy;

import io.tallygate.deploy.config.WindowsConfig;
import io.tallygate.routing.payer.UsageRouter;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.usage.HeldRecordStore;
import io.tallygate.store.window.WindowSealer;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Future;
import java.time.Duration;
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
            Duration interval) {
        super(interval);
        this.held = held;
        this.windows = windows;
        this.sealer = sealer;
        this.router = router;
        this.lag = lag;
    }

    /** The work on this database. */
    static UsagePipeline over(Database database, Partitions partitions, WindowsConfig windows) {
        return new UsagePipeline(
                new HeldRecordStore(database, partitions),
                new WindowStore(database),
                new WindowSealer(database, partitions),
                new UsageRouter(database, partitions),
                windows.lag(),
                windows.interval());
    }

    // A step that fails must not keep the others from their work: each is tried, and tried again the next time.
    @Override
    Future<Void> work() {
        return tried("release", () -> whileTrue(() -> held.release().map(count -> count > 0)))
                .compose(done -> tried("close", () -> windows.closeDue(lag)))
                .compose(done -> tried("seal", () -> whileTrue(sealer::sealNext)))
                .compose(done -> tried("route", () -> whileTrue(router::routeNext)));
    }

    private Future<Void> whileTrue(Supplier<Future<Boolean>> work) {
        return work.get().compose(more -> more && !isStopped() ? whileTrue(work) : Future.succeededFuture());
    }
}
