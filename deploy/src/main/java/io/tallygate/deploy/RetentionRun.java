package io.tallygate.deploy;

import io.tallygate.store.audit.Actor;
import io.tallygate.store.retention.DroppedMonth;
import io.tallygate.store.retention.PastMonth;
import io.tallygate.store.retention.RetentionStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Drops the months that are past and final, the oldest first, until one is not; then removes what else was theirs. */
final class RetentionRun {
    private final RetentionStore store;
    private final Duration keep;
    private final Actor actor;
    private final Consumer<DroppedMonth> told;
    private final BooleanSupplier stopped;

    /**
     * Drops what is older than {@code keep}.
     *
     * @param told of each month that is gone
     * @param stopped asked between months: whether to leave the rest for another time
     */
    RetentionRun(
            RetentionStore store, Duration keep, Actor actor, Consumer<DroppedMonth> told, BooleanSupplier stopped) {
        this.store = store;
        this.keep = keep;
        this.actor = actor;
        this.told = told;
        this.stopped = stopped;
    }

    /** Gives the months that are past and stay. */
    Future<List<PastMonth>> run() {
        return drop().compose(left -> sweep().map(left));
    }

    private Future<List<PastMonth>> drop() {
        return store.past(keep).compose(past -> {
            if (past.isEmpty() || !past.get(0).isFinal() || stopped.getAsBoolean()) {
                return Future.succeededFuture(past);
            }
            return store.dropNext(keep, actor).compose(dropped -> {
                if (dropped == null) {
                    return Future.succeededFuture(past);
                }
                told.accept(dropped);
                return drop();
            });
        });
    }

    private Future<Void> sweep() {
        return store.sweepNext(keep)
                .compose(more -> more && !stopped.getAsBoolean() ? sweep() : Future.succeededFuture());
    }
}
