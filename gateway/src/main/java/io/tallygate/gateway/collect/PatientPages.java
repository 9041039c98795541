package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceException.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The pages of one window. What is broken on the way is mostly whole the next time, and who wants to be left alone for a
 * moment in the middle is: the window need not begin anew for it.
 */
final class PatientPages {
    private static final Set<Kind> BROKEN = Set.of(Kind.Away, Kind.Malformed);
    private static final List<Duration> RETRY_AFTER = List.of(Duration.ofMillis(500), Duration.ofSeconds(2));
    // A source that allows so many requests a minute, and a window of more pages than that.
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final int MOST_WAITS = 10;
    private static final int MOST_PAGES = 100_000;

    private final Vertx vertx;
    private final CollectSource source;
    private final UsageWindow window;
    private final Supplier<Future<Void>> renewal;
    private final FollowedLinks followed = new FollowedLinks(MOST_PAGES);

    /**
     * Of this window.
     *
     * @param renewal asked before each page that is asked for again; it fails with a {@link WindowLostException}
     */
    PatientPages(Vertx vertx, CollectSource source, UsageWindow window, Supplier<Future<Void>> renewal) {
        this.vertx = vertx;
        this.source = source;
        this.window = window;
        this.renewal = renewal;
    }

    /** The first page, or the next one. */
    Future<SourcePage> page(Optional<String> next) {
        return page(next, 0);
    }

    private Future<SourcePage> page(Optional<String> next, int retries) {
        return source.page(window, next).map(followed::once).recover(failure -> {
            Optional<Duration> pause = failure instanceof SourceException trouble
                    ? pause(trouble, next.isPresent(), retries)
                    : Optional.empty();
            return pause.isEmpty()
                    ? Future.failedFuture(failure)
                    : renewal.get().compose(renewed -> wait(pause.get())).compose(waited -> page(next, retries + 1));
        });
    }

    private Future<?> wait(Duration pause) {
        return vertx.timer(Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS);
    }

    private static Optional<Duration> pause(SourceException trouble, boolean inTheMiddle, int retries) {
        if (BROKEN.contains(trouble.kind())) {
            return retries < RETRY_AFTER.size() ? Optional.of(RETRY_AFTER.get(retries)) : Optional.empty();
        }
        boolean waits = trouble.kind() == Kind.Throttled || trouble.kind() == Kind.NotProcessed;
        return trouble.retryAfter()
                .filter(wish -> waits && inTheMiddle && retries < MOST_WAITS && wish.compareTo(LONGEST_WAIT) <= 0);
    }
}
