package io.tallygate.deploy;

import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.store.Database;
import io.tallygate.store.gap.GapFinder;
import io.tallygate.store.gap.GapFolder;
import io.tallygate.store.gap.GapPlan;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Notes what each sealed window brought, window by window, and sees ten times an interval whether it is time to look for
 * what is missing. Any number of gateways may run it: one of them does it.
 */
final class GapWork extends RepeatedWork {
    private static final int LOOKS = 10;

    private final GapFolder folder;
    private final GapFinder finder;
    private final Duration interval;

    private GapWork(GapFolder folder, GapFinder finder, Duration interval) {
        // A gateway that starts has better things to do.
        super(interval.dividedBy(LOOKS), interval.dividedBy(LOOKS));
        this.folder = folder;
        this.finder = finder;
        this.interval = interval;
    }

    /** The work of this configuration. */
    static GapWork of(ServeConfig config, Database database) {
        GapPlan plan = new GapPlan(
                config.gaps().patience(),
                config.gaps().reach(),
                config.windows().lag());
        return new GapWork(
                new GapFolder(database, plan),
                new GapFinder(database, plan),
                config.gaps().interval());
    }

    @Override
    Future<Void> work() {
        return tried("note in which hours there was usage", this::foldAll)
                .compose(folded -> isStopped()
                        ? Future.succeededFuture()
                        : tried("look for usage that is missing", () -> finder.lookIfDue(interval)));
    }

    private Future<Void> foldAll() {
        return folder.foldNext().compose(more -> more && !isStopped() ? foldAll() : Future.succeededFuture());
    }
}
