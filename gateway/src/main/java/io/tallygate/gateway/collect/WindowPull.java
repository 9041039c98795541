package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.routing.outbound.Detail;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One pull of one window: page after page is asked for, read beside the event loop, and stored; the next is asked for only
 * when this one is stored, so that what is in memory is a page, and for each row of the window that it was there.
 */
final class WindowPull {
    // A day's row is 24 records.
    private static final int MAX_BATCH = 1_000;
    private static final List<Duration> STORE_AGAIN_AFTER = List.of(Duration.ofSeconds(1), Duration.ofSeconds(5));
    // Until a clock that is behind has gone on, or the rest of a day that was reported ahead.
    private static final Duration AHEAD = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final PatientPages pages;
    private final UsageRecordStore store;
    private final WindowRecords records;
    private final Supplier<Future<Void>> renewal;
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
     * @param renewal asked after each transaction, and before whatever is tried again; a {@link WindowLostException} ends the pull
     */
    WindowPull(
            Vertx vertx,
            CollectSource source,
            UsageRecordStore store,
            UsageWindow window,
            WindowRecords records,
            Supplier<Future<Void>> renewal) {
        this.vertx = vertx;
        this.pages = new PatientPages(vertx, source, window, renewal);
        this.store = store;
        this.records = records;
        this.renewal = renewal;
    }

    /** Pulls it; fails with a {@link SourceException} if the source does, or with what the store says. */
    Future<Result> run() {
        ask(Optional.empty());
        return done.future();
    }

    private void ask(Optional<String> next) {
        pages.page(next)
                .compose(page -> read(page).compose(read -> store(page, read)).map(page))
                .onFailure(failure -> {
                    if (failure instanceof WindowLostException) {
                        end(false);
                    } else {
                        done.fail(failure);
                    }
                })
                .onSuccess(page -> {
                    if (page.next().isEmpty()) {
                        end(true);
                    } else {
                        ask(page.next());
                    }
                });
    }

    private void end(boolean complete) {
        done.complete(new Result(complete, counts, problem, unknownSubscription));
    }

    // A page of a thousand rows would keep the event loop for a while.
    private Future<List<UsageRecordParser.Parsed>> read(SourcePage page) {
        return vertx.executeBlocking(
                () -> {
                    if (page.beginsAnew()) {
                        records.beginAnew();
                    }
                    return page.rows().stream()
                            .flatMap(row -> records.of(row).stream())
                            .toList();
                },
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
        if (refused.stream().anyMatch(outcome -> outcome.code() == RecordError.UsageTimeInFuture)) {
            return Future.failedFuture(new SourceException(
                    Kind.NotProcessed, "usage of a time that is still to come here", Optional.of(AHEAD)));
        }
        note(page.rows().size(), refused);
        Future<Void> stored = good.isEmpty() ? renewal.get() : Future.succeededFuture();
        for (int from = 0; from < good.size(); from += MAX_BATCH) {
            List<UsageRecord> batch = good.subList(from, Math.min(good.size(), from + MAX_BATCH));
            stored = stored.compose(before -> ingest(batch, 0)).compose(done -> renewal.get());
        }
        return stored;
    }

    // What was stored before its answer was lost is a duplicate then.
    private Future<Void> ingest(List<UsageRecord> batch, int retries) {
        return store.ingest(batch, ReportedAt.NOW)
                .compose(
                        outcomes -> {
                            note(0, outcomes);
                            return Future.succeededFuture();
                        },
                        failure -> retries == STORE_AGAIN_AFTER.size()
                                ? Future.failedFuture(failure)
                                : vertx.timer(STORE_AGAIN_AFTER.get(retries).toMillis(), TimeUnit.MILLISECONDS)
                                        .compose(waited -> renewal.get())
                                        .compose(kept -> ingest(batch, retries + 1)));
    }

    private void note(int rows, List<IngestOutcome> outcomes) {
        counts = counts.plus(rows, outcomes);
        for (IngestOutcome outcome : outcomes) {
            unknownSubscription |= outcome.code() == RecordError.SubscriptionUnknown;
            if (problem == null && outcome.kind() == IngestOutcome.Kind.Rejected) {
                problem = Detail.of(outcome.code() + ": " + outcome.message());
            }
        }
    }
}
