package io.tallygate.store.usage;

import io.tallygate.store.Partitions;
import io.tallygate.store.Rows;
import io.tallygate.store.usage.UsageRecord.Identity;
import io.tallygate.store.window.OpenWindow;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One try to store one batch in one transaction. */
final class IngestBatch {
    private static final String KNOWN_SUBSCRIPTIONS =
            "select subscription_id from subscription where subscription_id = any($1)";
    private static final String KNOWN_METERS = """
            select lower(meter_id collate "C") as meter, meter_key from meter
            where lower(meter_id collate "C") = any($1)""";
    private static final String CLAIM = "select taken from claim_identities($1, $2, $3, $4) as taken";
    private static final String STORED = """
            select source, record_id, payload_hash, reported_hour, discarded
            from usage_identity
            join unnest($1::text[], $2::text[]) as asked (source, record_id) using (source, record_id)""";

    private final SqlConnection transaction;
    private final Partitions partitions;
    private final List<UsageRecord> records;
    private final ReportedAt reportedAt;
    private final Buffer[] hashes;
    private final String[] meterIds;
    // The first record of each identity whose window takes it, if there is one; a later one of the same identity in the
    // batch is compared with what it left.
    private final Map<Identity, Integer> firsts = new LinkedHashMap<>();
    private final Set<UUID> subscriptions = new HashSet<>();
    private final Map<String, Integer> meters = new HashMap<>();
    private final boolean[] claimed;
    private final Map<Identity, Stored> stored = new HashMap<>();
    private final IngestOutcome[] outcomes;
    private OpenWindow window;

    private record Stored(Buffer payloadHash, boolean quarantined, boolean discarded) {}

    IngestBatch(SqlConnection transaction, Partitions partitions, List<UsageRecord> records, ReportedAt reportedAt) {
        this.transaction = transaction;
        this.partitions = partitions;
        this.records = records;
        this.reportedAt = reportedAt;
        this.hashes = Rows.array(records, UsageRecord::payloadHash, Buffer[]::new);
        this.meterIds = Rows.array(records, UsageRecord::meterKey, String[]::new);
        this.claimed = new boolean[records.size()];
        this.outcomes = new IngestOutcome[records.size()];
    }

    Future<IngestBatch> run() {
        return OpenWindow.join(transaction)
                .compose(this::findKnown)
                .compose(found -> partitions.ensure(transaction, reportedHours()))
                .compose(ensured -> claim())
                .compose(done -> findStored())
                .compose(found -> writeClaimed())
                .compose(written -> writeConflicts())
                .map(this);
    }

    /** An outcome per record. */
    List<IngestOutcome> outcomes() {
        return List.of(outcomes);
    }

    /** The windows that records of this batch may have joined. */
    Set<Instant> reportedHours() {
        if (reportedAt == ReportedAt.NOW) {
            return Set.of(window.hour());
        }
        Set<Instant> hours = new HashSet<>();
        for (int i = 0; i < records.size(); i++) {
            if (!window.isClosed(reportedHour(i))) {
                hours.add(reportedHour(i));
            }
        }
        return hours;
    }

    private Instant reportedHour(int i) {
        return reportedAt == ReportedAt.NOW ? window.hour() : records.get(i).usageHour();
    }

    private RecordError unknown(int i) {
        return unknown(records.get(i), meterIds[i]);
    }

    private RecordError unknown(UsageRecord record, String meterId) {
        if (!subscriptions.contains(record.instance().subscription().value())) {
            return RecordError.SubscriptionUnknown;
        }
        return meters.containsKey(meterId) ? null : RecordError.MeterUnknown;
    }

    private Future<Void> findKnown(OpenWindow joined) {
        window = joined;
        UUID[] askedSubscriptions = records.stream()
                .map(record -> record.instance().subscription().value())
                .distinct()
                .toArray(UUID[]::new);
        String[] askedMeters = Arrays.stream(meterIds).distinct().toArray(String[]::new);
        return transaction
                .preparedQuery(KNOWN_SUBSCRIPTIONS)
                .execute(Tuple.of(askedSubscriptions))
                .compose(rows -> {
                    rows.forEach(row -> subscriptions.add(row.getUUID(0)));
                    return transaction.preparedQuery(KNOWN_METERS).execute(Tuple.of(askedMeters));
                })
                .map(rows -> {
                    rows.forEach(row -> meters.put(row.getString(0), row.getInteger(1)));
                    chooseFirsts();
                    return null;
                });
    }

    private void chooseFirsts() {
        for (int i = 0; i < records.size(); i++) {
            firsts.merge(
                    records.get(i).identity(), i, (first, later) -> isTaken(first) || !isTaken(later) ? first : later);
        }
    }

    // Quarantine takes records whatever their window. What may have been here before is not taken anew.
    private boolean isTaken(int i) {
        return !isForgotten(i) && (unknown(i) != null || !window.isClosed(reportedHour(i)));
    }

    private boolean isForgotten(int i) {
        return window.isForgotten(records.get(i).usageEnd());
    }

    private Future<Void> claim() {
        List<Integer> open = firsts.values().stream().filter(this::isTaken).toList();
        if (open.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple identities = Tuple.of(
                Rows.array(open, i -> records.get(i).source(), String[]::new),
                Rows.array(open, i -> records.get(i).id(), String[]::new),
                Rows.array(open, i -> hashes[i], Buffer[]::new),
                Rows.array(open, i -> unknown(i) != null ? null : Rows.utc(reportedHour(i)), OffsetDateTime[]::new));
        return transaction.preparedQuery(CLAIM).execute(identities).map(rows -> {
            open.forEach(i -> claimed[i] = true);
            rows.forEach(row -> claimed[open.get(row.getInteger(0) - 1)] = false);
            return null;
        });
    }

    private Future<Void> findStored() {
        List<Identity> asked = firsts.entrySet().stream()
                .filter(first -> !claimed[first.getValue()])
                .map(Map.Entry::getKey)
                .toList();
        Future<RowSet<Row>> found = asked.isEmpty()
                ? Future.succeededFuture()
                : transaction
                        .preparedQuery(STORED)
                        .execute(Tuple.tuple()
                                .addArrayOfString(Rows.array(asked, Identity::source, String[]::new))
                                .addArrayOfString(Rows.array(asked, Identity::id, String[]::new)));
        return found.map(rows -> {
            if (rows != null) {
                rows.forEach(row -> stored.put(
                        identity(row),
                        new Stored(
                                row.getBuffer("payload_hash"),
                                row.getOffsetDateTime("reported_hour") == null,
                                row.getBoolean("discarded"))));
            }
            decide();
            return null;
        });
    }

    private static Identity identity(Row row) {
        return new Identity(row.getString("source"), row.getString("record_id"));
    }

    private void decide() {
        for (int i = 0; i < records.size(); i++) {
            Identity identity = records.get(i).identity();
            int first = firsts.get(identity);
            if (claimed[first] && i >= first) {
                RecordError unknown = unknown(first);
                outcomes[i] = i > first
                        ? repeated(i, new Stored(hashes[first], unknown != null, false))
                        : unknown == null ? IngestOutcome.ACCEPTED : IngestOutcome.quarantined(unknown);
            } else if (stored.containsKey(identity)) {
                outcomes[i] = repeated(i, stored.get(identity));
            } else if (isForgotten(i)) {
                outcomes[i] = IngestOutcome.rejected(
                        RecordError.UsageTimeTooOld,
                        "data.usageStartTime",
                        "Usage before " + window.forgottenBefore() + " is not kept any more");
            } else {
                outcomes[i] = IngestOutcome.rejected(
                        RecordError.WindowSealed,
                        "data.usageStartTime",
                        "The window of its usage hour takes no more records: windows are closed through "
                                + window.closedThrough());
            }
        }
    }

    private IngestOutcome repeated(int i, Stored before) {
        if (before.discarded()) {
            return IngestOutcome.discarded();
        }
        if (!before.payloadHash().equals(hashes[i])) {
            return IngestOutcome.conflict();
        }
        RecordError reason = unknown(i);
        return before.quarantined()
                ? IngestOutcome.quarantined(reason == null ? RecordError.SubscriptionUnknown : reason)
                : IngestOutcome.DUPLICATE;
    }

    private Future<Void> writeClaimed() {
        List<RecordWriter.Entry> accepted = new ArrayList<>(records.size());
        List<UsageRecord> quarantined = new ArrayList<>();
        for (int i = 0; i < claimed.length; i++) {
            if (!claimed[i]) {
                continue;
            }
            if (outcomes[i].kind() == IngestOutcome.Kind.Accepted) {
                accepted.add(new RecordWriter.Entry(records.get(i), meters.get(meterIds[i]), reportedHour(i)));
            } else {
                quarantined.add(records.get(i));
            }
        }
        return new RecordWriter(transaction)
                .write(accepted)
                .compose(done -> HeldRecords.QUARANTINED.keep(
                        transaction, quarantined, record -> unknown(record, record.meterKey())));
    }

    private Future<Void> writeConflicts() {
        List<UsageRecord> conflicts = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            if (outcomes[i].kind() == IngestOutcome.Kind.Conflict) {
                conflicts.add(records.get(i));
            }
        }
        return HeldRecords.CONFLICTING.keep(transaction, conflicts, record -> RecordError.PayloadDiffers);
    }
}
