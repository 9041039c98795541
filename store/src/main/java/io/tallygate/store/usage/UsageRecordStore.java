package io.tallygate.store.usage;

import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.vertx.core.Future;
import java.util.List;

/**
 * Takes usage records: identity, window, record and instance in one transaction.
 *
 * <p>The order of locks is the same for every batch, so that batches cannot block each other in a circle: the windows
 * shared, then missing partitions, then identities in their order, then instances in theirs.
 */
public final class UsageRecordStore {
    private final Database database;
    private final Partitions partitions;

    /** Stores into the given database. */
    public UsageRecordStore(Database database, Partitions partitions) {
        this.database = database;
        this.partitions = partitions;
    }

    /**
     * Stores a batch. When the future succeeds, what is {@code Accepted} or {@code Quarantined} is durable; when it
     * fails nothing is known of the batch, and sending it again is right.
     *
     * @return an outcome per record, in the order of the records
     */
    public Future<List<IngestOutcome>> ingest(List<UsageRecord> records, ReportedAt reportedAt) {
        if (records.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return database.repeatableTransaction(
                        transaction -> new IngestBatch(transaction, partitions, records, reportedAt).run())
                .map(batch -> {
                    partitions.committed(batch.reportedHours());
                    return batch.outcomes();
                });
    }
}
