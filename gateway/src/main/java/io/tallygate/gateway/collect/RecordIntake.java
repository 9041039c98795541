package io.tallygate.gateway.collect;

import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.ingest.UsageRecordParser.Parsed;
import io.tallygate.routing.outbound.Detail;
import io.tallygate.store.collect.CollectCounts;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.RecordError;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.UsageRecord;
import io.tallygate.store.usage.UsageRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Stores the records of a window or a file as they are read, and keeps account of what became of them. */
public final class RecordIntake {
    // A day's row is 24 records.
    private static final int MAX_BATCH = 1_000;
    private static final List<Duration> STORE_AGAIN_AFTER = List.of(Duration.ofSeconds(1), Duration.ofSeconds(5));
    // Until a clock that is behind has gone on, or the rest of a day that was reported ahead.
    private static final Duration AHEAD = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final UsageRecordStore store;
    private final Supplier<Future<Void>> renewal;
    private CollectCounts counts = CollectCounts.NONE;
    private String problem;
    private boolean unknownSubscription;

    /**
     * Into this store.
     *
     * @param renewal asked after each transaction, and before whatever is tried again; when it fails, so does the storing
     */
    public RecordIntake(Vertx vertx, UsageRecordStore store, Supplier<Future<Void>> renewal) {
        this.vertx = vertx;
        this.store = store;
        this.renewal = renewal;
    }

    /** What became of all so far. */
    public CollectCounts counts() {
        return counts;
    }

    /** Why the first record was refused; null if none was. */
    public String problem() {
        return problem;
    }

    /** Whether there is usage of a subscription that is not known here. */
    public boolean hasUnknownSubscription() {
        return unknownSubscription;
    }

    /**
     * Fails if one of the records is of a time that is still to come here: none of them is to be stored then.
     *
     * @throws SourceException NotProcessed
     */
    public static void requirePast(List<Parsed> read) {
        boolean ahead = read.stream()
                .anyMatch(
                        parsed -> parsed.refusal() != null && parsed.refusal().code() == RecordError.UsageTimeInFuture);
        if (ahead) {
            throw new SourceException(
                    Kind.NotProcessed, "usage of a time that is still to come here", Optional.of(AHEAD));
        }
    }

    /**
     * Stores what was read.
     *
     * @param rows of the source, from which it was
     */
    public Future<Void> store(int rows, List<Parsed> read) {
        List<IngestOutcome> refused = new ArrayList<>();
        List<UsageRecord> good = new ArrayList<>(read.size());
        for (Parsed parsed : read) {
            if (parsed.record() == null) {
                refused.add(parsed.refusal());
            } else {
                good.add(parsed.record());
            }
        }
        note(rows, refused);
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
