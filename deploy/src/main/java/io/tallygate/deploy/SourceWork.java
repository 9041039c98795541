package io.tallygate.deploy;

import io.tallygate.gateway.collect.SourceCollector;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.collect.SourceDirectory;
import io.tallygate.store.collect.CollectStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects one source while its registration is there. */
final class SourceWork extends RepeatedWork {
    private static final Logger LOG = LoggerFactory.getLogger(SourceWork.class);
    private static final Duration FIRST_REACH = Duration.ofDays(7);
    private static final Duration REFRESH = Duration.ofHours(1);
    // A month of windows with a subscription that the source does not list is no month of questions.
    private static final Duration NOT_AGAIN_BEFORE = Duration.ofMinutes(1);

    private final SourceConfig config;
    private final SourceRegistration registration;
    private final SourceDirectory directory;
    private final SourceCollector collector;
    private final Clock clock;
    private volatile long registrationId;
    private volatile Instant asked = Instant.EPOCH;
    private volatile boolean subscriptionIsMissing;

    /**
     * Of this source.
     *
     * @param directory its subscriptions
     * @param collectors makes what collects it, which asks for a subscription that is missing by what it is given
     */
    SourceWork(
            SourceConfig config,
            SourceRegistration registration,
            SourceDirectory directory,
            Function<Supplier<Future<Void>>, SourceCollector> collectors,
            Clock clock,
            Duration interval) {
        super(Duration.ZERO, interval);
        this.config = config;
        this.registration = registration;
        this.directory = directory;
        this.collector = collectors.apply(this::learnMissing);
        this.clock = clock;
    }

    @Override
    Future<Void> work() {
        return tried("collect " + config.name(), () -> registration.whenOpen(this::collect));
    }

    @Override
    void letGo() {
        collector.stop();
    }

    private Future<Void> collect(long registration) {
        registrationId = registration;
        Future<Void> learned = isDue(REFRESH) || subscriptionIsMissing ? learnMissing() : Future.succeededFuture();
        return learned.compose(done -> collector.runDue());
    }

    /** How a source of windows is noted. */
    static SourceRegistration.Notes notes(SourceConfig config, CollectStore windows, Clock clock) {
        Duration window = config.granularity().length();
        return new SourceRegistration.Notes() {
            @Override
            public Future<Void> open(long registrationId) {
                return windows.open(config.name(), registrationId, begins(config, clock.instant()), window);
            }

            @Override
            public Future<Void> wait(String trouble) {
                return windows.wait(config.name(), begins(config, clock.instant()), window, trouble);
            }
        };
    }

    /** Where a source begins that is seen for the first time now. */
    static Instant begins(SourceConfig config, Instant now) {
        return config.begins().orElseGet(() -> config.granularity().floor(now.minus(FIRST_REACH)));
    }

    // Usage of a subscription that nobody knows is in quarantine until it is known: that keeps no window from being
    // stored.
    private Future<Void> learnMissing() {
        if (!isDue(NOT_AGAIN_BEFORE)) {
            subscriptionIsMissing = true;
            return Future.succeededFuture();
        }
        asked = clock.instant();
        subscriptionIsMissing = false;
        return directory.refresh(registrationId).recover(failure -> {
            subscriptionIsMissing = true;
            LOG.warn("Could not read the subscriptions of {}: will try again: {}", config.name(), failure.toString());
            return Future.succeededFuture();
        });
    }

    private boolean isDue(Duration after) {
        return !clock.instant().isBefore(asked.plus(after));
    }
}
