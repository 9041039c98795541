package io.tallygate.deploy;

import io.tallygate.deploy.config.RetentionConfig;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.retention.DroppedMonth;
import io.tallygate.store.retention.PastMonth;
import io.tallygate.store.retention.RetentionStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A minute after the start, and then each hour, makes the partitions of the next months, and where that is switched on drops
 * months that are older than the retention. Any number of gateways may run it: of two that would drop, the database lets one.
 */
final class RetentionWork extends RepeatedWork {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionWork.class);
    // A gateway that starts has better things to do.
    private static final Duration DELAY = Duration.ofMinutes(1);
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final RetentionStore store;
    private final RetentionConfig config;
    private final RetentionRun run;
    private String told = "";

    RetentionWork(RetentionStore store, RetentionConfig config, Actor actor, Duration delay) {
        super(delay, INTERVAL);
        this.store = store;
        this.config = config;
        this.run = new RetentionRun(store, config.keep(), actor, RetentionWork::log, this::isStopped);
    }

    /** The work of this configuration. */
    static RetentionWork of(ServeConfig config, Database database, Partitions partitions) {
        return new RetentionWork(new RetentionStore(database, partitions), config.retention(), actor(config), DELAY);
    }

    /** Who drops, in the audit. */
    static Actor actor(ServeConfig config) {
        return new Actor(config.auth().operatorTenant().value(), "tallygate", "retention");
    }

    @Override
    Future<Void> work() {
        Future<Void> ahead = tried("make partitions ahead", store::makeAhead);
        return config.enabled()
                ? ahead.compose(made -> tried(
                        "drop what is older than the retention", () -> run.run().onSuccess(this::tell)))
                : ahead;
    }

    private static void log(DroppedMonth month) {
        LOG.info(
                "Dropped the usage of {}: {} records, {} bytes",
                month.month().toString().substring(0, 7),
                month.records(),
                month.bytes());
    }

    // Once, and again when it is something else.
    private void tell(List<PastMonth> left) {
        String now = left.isEmpty() || left.get(0).isFinal()
                ? ""
                : left.get(0).month().toString().substring(0, 7) + " has "
                        + left.get(0).whyNotFinal();
        if (!now.isEmpty() && !now.equals(told)) {
            LOG.warn("Older than the retention, and not final: {}", now);
        }
        told = now;
    }
}
