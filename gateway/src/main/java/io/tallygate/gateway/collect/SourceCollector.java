package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.WindowPull.Result;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.collect.CollectLease;
import io.tallygate.store.collect.CollectPlan;
import io.tallygate.store.collect.CollectStore;
import io.tallygate.store.usage.UsageRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects one source: claims its windows one after the other, so many at a time as the source bears, pulls each and marks
 * it. Any number of gateways do so at once: who is at which window is in the database.
 */
public final class SourceCollector {
    private static final Logger LOG = LoggerFactory.getLogger(SourceCollector.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);
    private static final Duration NOT_PROCESSED = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final CollectStore windows;
    private final UsageRecordStore records;
    private final SourceConfig config;
    private final CollectSource source;
    private final Supplier<Future<Void>> directory;
    private final UsageRecordParser parser;
    private final CollectObserver observer;
    private final CollectPlan plan;
    private final CollectLog log;
    private volatile boolean stopped;

    /**
     * Of a source that is open in the store.
     *
     * @param directory asks the source for its subscriptions and makes them known; asked when there is usage of one that is not.
     *     It never fails: the window is stored all the same
     */
    public SourceCollector(
            Vertx vertx,
            CollectStore windows,
            UsageRecordStore records,
            SourceConfig config,
            CollectSource source,
            Supplier<Future<Void>> directory,
            UsageRecordParser parser,
            CollectObserver observer) {
        this.vertx = vertx;
        this.windows = windows;
        this.records = records;
        this.config = config;
        this.source = source;
        this.directory = directory;
        this.parser = parser;
        this.observer = observer;
        this.log = new CollectLog(config.name());
        this.plan = new CollectPlan(
                config.name(),
                config.granularity() == AggregationGranularity.Daily ? Duration.ofDays(1) : Duration.ofHours(1),
                config.lag(),
                config.type().isAskedByDay(),
                config.concurrency(),
                // From one renewal to the next: a page is fetched and stored.
                config.deadline().multipliedBy(2).plusSeconds(30));
    }

    /** Collects what is due, until nothing is or this is stopped. Fails only if the database does. */
    public Future<Void> runDue() {
        return Future.join(IntStream.range(0, config.concurrency())
                        .mapToObj(worker -> new Worker().run())
                        .toList())
                .<Void>mapEmpty()
                .onComplete(done -> log.tell());
    }

    /** Lets go after the page that is under way: {@link #runDue} then ends. */
    public void stop() {
        stopped = true;
    }

    /** Pulls one window after the other; a loop and not a chain, so that a month of windows is no month of futures. */
    private final class Worker {
        private final Promise<Void> done = Promise.promise();

        Future<Void> run() {
            next();
            return done.future();
        }

        private void next() {
            Future<Optional<CollectLease>> claimed =
                    stopped ? Future.succeededFuture(Optional.empty()) : windows.claim(plan);
            claimed.compose(lease -> lease.isEmpty()
                            ? Future.succeededFuture(false)
                            : collect(lease.get()).map(true))
                    .onFailure(done::fail)
                    .onSuccess(more -> {
                        if (more) {
                            next();
                        } else {
                            done.complete();
                        }
                    });
        }
    }

    private Future<Void> collect(CollectLease lease) {
        UsageWindow window = new UsageWindow(lease.from(), lease.to());
        return new WindowPull(
                        vertx,
                        source,
                        records,
                        window,
                        new WindowRecords(config.name(), window, parser),
                        () -> keep(lease))
                .run()
                .compose(result -> ended(lease, result), failure -> broken(lease, failure));
    }

    private Future<Void> keep(CollectLease lease) {
        Future<Boolean> kept = stopped ? Future.succeededFuture(false) : windows.renew(lease, plan.lease());
        return kept.compose(mine -> mine ? Future.succeededFuture() : Future.failedFuture(new WindowLostException()));
    }

    private Future<Void> ended(CollectLease lease, Result result) {
        if (!result.complete()) {
            return windows.giveBack(lease, Duration.ZERO).mapEmpty();
        }
        return windows.collected(lease, result.counts(), result.problem()).compose(mine -> {
            if (!mine) {
                return Future.succeededFuture();
            }
            observer.collected(config.name(), result.counts());
            log.add(result.counts());
            if (result.problem() != null) {
                LOG.warn(
                        "{} from {} to {}: {} records were rejected, the first with {}",
                        config.name(),
                        lease.from(),
                        lease.to(),
                        result.counts().rejected(),
                        result.problem());
            }
            return result.unknownSubscription() ? directory.get() : Future.succeededFuture();
        });
    }

    private Future<Void> broken(CollectLease lease, Throwable failure) {
        if (!(failure instanceof SourceException trouble)) {
            // Ours: the source is not to blame, and not to be left alone for it.
            LOG.warn("Could not store {} from {}: will try again", config.name(), lease.from(), failure);
            return windows.giveBack(lease, later(FIRST_RETRY, lease.attempts())).mapEmpty();
        }
        if (trouble.kind() == SourceException.Kind.NotProcessed) {
            return windows.giveBack(lease, trouble.retryAfter().orElse(later(NOT_PROCESSED, lease.attempts())))
                    .mapEmpty();
        }
        observer.failed(config.name(), trouble.kind());
        LOG.warn("{} from {}: {}: {}", config.name(), lease.from(), trouble.kind(), trouble.getMessage());
        return windows.failed(
                lease,
                trouble.kind() + ": " + trouble.getMessage(),
                later(FIRST_RETRY, lease.attempts()),
                trouble.retryAfter().orElse(null));
    }

    private static Duration later(Duration first, int attempts) {
        Duration doubled = first.multipliedBy(1L << Math.min(attempts - 1, 10));
        return doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
    }
}
