package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.RecordError;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.UsageRecord;
import io.tallygate.store.usage.UsageRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One pull of one window: page after page is asked for, read beside the event loop, and stored; the next is asked for only
 * when this one is stored, so that what is in memory is a page, however long the window.
 */
final class WindowPull {
    // A day's row is 24 records.
    private static final int MAX_BATCH = 1_000;
    private static final Set<Kind> BROKEN = Set.of(Kind.Away, Kind.Malformed);
    private static final List<Duration> RETRY_AFTER = List.of(Duration.ofMillis(500), Duration.ofSeconds(2));

    private final Vertx vertx;
    private final CollectSource source;
    private final UsageRecordStore store;
    private final UsageWindow window;
    private final WindowRecords records;
    private final Supplier<Future<Boolean>> renewal;
    private final Set<String> followed = new HashSet<>();
    private final Promise<Result> done = Promise.promise();
    private CollectCounts counts = CollectCounts.NONE;
    private String problem;
    private boolean unknownSubscription;

    /**
     * How it ended.
     *
     * @param complete false if the window was lost, or left, on the way
     * @param problem why the first record was refused; null if none was
     * @param unknownSubscription whether there is usage of a subscription that is not known here
     */
    record Result(boolean complete, CollectCounts counts, String problem, boolean unknownSubscription) {}

    /**
     * Of this window.
     *
     * @param renewal asked after each page that is stored; false ends the pull
     */
    WindowPull(
            Vertx vertx,
            CollectSource source,
            UsageRecordStore store,
            UsageWindow window,
            WindowRecords records,
            Supplier<Future<Boolean>> renewal) {
        this.vertx = vertx;
        this.source = source;
        this.store = store;
        this.window = window;
        this.records = records;
        this.renewal = renewal;
    }

    /** Pulls it; fails with a {@link SourceException} if the source does, or with what the store says. */
    Future<Result> run() {
        ask(Optional.empty());
        return done.future();
    }

    private void ask(Optional<String> next) {
        page(next, 0)
                .compose(page -> read(page).compose(read -> store(page, read)).map(page))
                .compose(page -> renewal.get().map(mine -> mine ? page : null))
                .onFailure(done::fail)
                .onSuccess(page -> {
                    if (page == null) {
                        end(false);
                    } else if (page.next().isEmpty()) {
                        end(true);
                    } else {
                        ask(page.next());
                    }
                });
    }

    // What is broken on the way is mostly whole the next time: the window need not begin anew for it.
    private Future<SourcePage> page(Optional<String> next, int retries) {
        return source.page(window, next).map(this::once).recover(failure -> {
            boolean again = failure instanceof SourceException trouble
                    && BROKEN.contains(trouble.kind())
                    && retries < RETRY_AFTER.size();
            return again
                    ? vertx.timer(RETRY_AFTER.get(retries).toMillis(), TimeUnit.MILLISECONDS)
                            .compose(waited -> page(next, retries + 1))
                    : Future.failedFuture(failure);
        });
    }

    // Whatever stands between us and the source may repeat an answer. Its rows would be taken for twins of those
    // before.
    private SourcePage once(SourcePage page) {
        page.next().filter(next -> !followed.add(next)).ifPresent(next -> {
            throw new SourceException(Kind.Malformed, "a page leads back to one that was there before: " + next);
        });
        return page;
    }

    private void end(boolean complete) {
        done.complete(new Result(complete, counts, problem, unknownSubscription));
    }

    // A page of a thousand rows would keep the event loop for a while.
    private Future<List<UsageRecordParser.Parsed>> read(SourcePage page) {
        return vertx.executeBlocking(
                () -> page.rows().stream()
                        .flatMap(row -> records.of(row).stream())
                        .toList(),
                false);
    }

    private Future<Void> store(SourcePage page, List<UsageRecordParser.Parsed> read) {
        List<IngestOutcome> refused = new ArrayList<>();
        List<UsageRecord> good = new ArrayList<>(read.size());
        for (UsageRecordParser.Parsed parsed : read) {
            if (parsed.record() == null) {
                refused.add(parsed.refusal());
            } else {
                good.add(parsed.record());
            }
        }
        note(page.rows().size(), refused);
        Future<Void> stored = Future.succeededFuture();
        for (int from = 0; from < good.size(); from += MAX_BATCH) {
            List<UsageRecord> batch = good.subList(from, Math.min(good.size(), from + MAX_BATCH));
            stored =
                    stored.compose(before -> store.ingest(batch, ReportedAt.NOW).map(outcomes -> {
                        note(0, outcomes);
                        return null;
                    }));
        }
        return stored;
    }

    private void note(int rows, List<IngestOutcome> outcomes) {
        counts = counts.plus(rows, outcomes);
        for (IngestOutcome outcome : outcomes) {
            unknownSubscription |= outcome.code() == RecordError.SubscriptionUnknown;
            if (problem == null && outcome.kind() == IngestOutcome.Kind.Rejected) {
                problem = outcome.code() + ": " + outcome.message();
            }
        }
    }
}
