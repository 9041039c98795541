package io.tallygate.gateway.collect;

import io.tallygate.gateway.ingest.UsageRecordParser;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.usage.UsageRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One pull of one window: page after page is asked for, read beside the event loop, and stored; the next is asked for only
 * when this one is stored, so that what is in memory is a page, and for each row of the window that it was there.
 */
final class WindowPull {
    private final Vertx vertx;
    private final PatientPages pages;
    private final RecordIntake intake;
    private final WindowRecords records;
    private final Promise<Result> done = Promise.promise();

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
        this.intake = new RecordIntake(vertx, store, renewal);
        this.records = records;
    }

    /** Pulls it; fails with a {@link SourceException} if the source does, or with what the store says. */
    Future<Result> run() {
        ask(Optional.empty());
        return done.future();
    }

    private void ask(Optional<String> next) {
        pages.page(next)
                .compose(page -> read(page)
                        .compose(read -> intake.store(page.rows().size(), read))
                        .map(page))
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
        done.complete(new Result(complete, intake.counts(), intake.problem(), intake.hasUnknownSubscription()));
    }

    // A page of a thousand rows would keep the event loop for a while.
    private Future<List<UsageRecordParser.Parsed>> read(SourcePage page) {
        return vertx.executeBlocking(
                () -> {
                    if (page.beginsAnew()) {
                        records.beginAnew();
                    }
                    List<UsageRecordParser.Parsed> read = page.rows().stream()
                            .flatMap(row -> records.of(row).stream())
                            .toList();
                    RecordIntake.requirePast(read);
                    return read;
                },
                false);
    }
}
