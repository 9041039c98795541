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
    private static final String KNOWN_METERS =
            "select lower(meter_id collate \"C\") as meter from meter where lower(meter_id collate \"C\") = any($1)";
    private static final String CLAIM = """
            insert into usage_identity (source, record_id, payload_hash, reported_hour)
            select source, record_id, payload_hash, reported_hour
            from unnest($1::text[], $2::text[], $3::bytea[], $4::timestamptz[])
              as new (source, record_id, payload_hash, reported_hour)
            order by source collate "C", record_id collate "C"
            on conflict do nothing
            returning source, record_id""";
    private static final String STORED = """
            select source, record_id, payload_hash, reported_hour, discarded
            from usage_identity
            join unnest($1::text[], $2::text[]) as asked (source, record_id) using (source, record_id)""";

    private final SqlConnection transaction;
    private final Partitions partitions;
    private final List<UsageRecord> records;
    private final ReportedAt reportedAt;
    private final Buffer[] hashes;
    // The first record of each identity whose window takes it, if there is one; a later one of the same identity in the
    // batch is compared with what it left.
    private final Map<Identity, Integer> firsts = new LinkedHashMap<>();
    private final Set<UUID> subscriptions = new HashSet<>();
    private final Set<String> meters = new HashSet<>();
    private final Set<Identity> claimed = new HashSet<>();
    private final Map<Identity, Stored> stored = new HashMap<>();
    private final IngestOutcome[] outcomes;
    private OpenWindow window;

    private record Stored(Buffer payloadHash, boolean quarantined, boolean discarded) {}

    IngestBatch(SqlConnection transaction, Partitions partitions, List<UsageRecord> records, ReportedAt reportedAt) {
        this.transaction = transaction;
        this.partitions = partitions;
        this.records = records;
        this.reportedAt = reportedAt;
        this.hashes = new Buffer[records.size()];
        this.outcomes = new IngestOutcome[records.size()];
        for (int i = 0; i < records.size(); i++) {
            hashes[i] = records.get(i).payloadHash();
        }
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
        Set<Instant> hours = new HashSet<>();
        for (UsageRecord record : records) {
            if (!window.isClosed(reportedHour(record))) {
                hours.add(reportedHour(record));
            }
        }
        return hours;
    }

    private Instant reportedHour(UsageRecord record) {
        return reportedAt == ReportedAt.NOW ? window.hour() : record.usageHour();
    }

    private RecordError unknown(UsageRecord record) {
        if (!subscriptions.contains(record.instance().subscription().value())) {
            return RecordError.SubscriptionUnknown;
        }
        return meters.contains(record.meterKey()) ? null : RecordError.MeterUnknown;
    }

    private Future<Void> findKnown(OpenWindow joined) {
        window = joined;
        UUID[] askedSubscriptions = records.stream()
                .map(record -> record.instance().subscription().value())
                .distinct()
                .toArray(UUID[]::new);
        String[] askedMeters =
                records.stream().map(UsageRecord::meterKey).distinct().toArray(String[]::new);
        return transaction
                .preparedQuery(KNOWN_SUBSCRIPTIONS)
                .execute(Tuple.of(askedSubscriptions))
                .compose(rows -> {
                    rows.forEach(row -> subscriptions.add(row.getUUID(0)));
                    return transaction.preparedQuery(KNOWN_METERS).execute(Tuple.of(askedMeters));
                })
                .map(rows -> {
                    rows.forEach(row -> meters.add(row.getString(0)));
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

    // Quarantine takes records whatever their window.
    private boolean isTaken(int i) {
        return unknown(records.get(i)) != null || !window.isClosed(reportedHour(records.get(i)));
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
                Rows.array(
                        open,
                        i -> unknown(records.get(i)) != null ? null : Rows.utc(reportedHour(records.get(i))),
                        OffsetDateTime[]::new));
        return transaction.preparedQuery(CLAIM).execute(identities).map(rows -> {
            rows.forEach(row -> claimed.add(identity(row)));
            return null;
        });
    }

    private Future<Void> findStored() {
        List<Identity> asked = firsts.keySet().stream()
                .filter(identity -> !claimed.contains(identity))
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
            UsageRecord record = records.get(i);
            Identity identity = record.identity();
            int first = firsts.get(identity);
            if (claimed.contains(identity) && i >= first) {
                boolean taken = unknown(records.get(first)) == null;
                outcomes[i] = i == first
                        ? taken ? IngestOutcome.ACCEPTED : IngestOutcome.quarantined(unknown(record))
                        : repeated(i, new Stored(hashes[first], !taken, false));
            } else if (stored.containsKey(identity)) {
                outcomes[i] = repeated(i, stored.get(identity));
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
        RecordError reason = unknown(records.get(i));
        return before.quarantined()
                ? IngestOutcome.quarantined(reason == null ? RecordError.SubscriptionUnknown : reason)
                : IngestOutcome.DUPLICATE;
    }

    private Future<Void> writeClaimed() {
        List<UsageRecord> accepted = new ArrayList<>();
        List<UsageRecord> quarantined = new ArrayList<>();
        for (int i : firsts.values()) {
            switch (outcomes[i].kind()) {
                case Accepted -> accepted.add(records.get(i));
                case Quarantined -> {
                    if (claimed.contains(records.get(i).identity())) {
                        quarantined.add(records.get(i));
                    }
                }
                default -> {}
            }
        }
        return new RecordWriter(transaction)
                .write(accepted, Rows.array(accepted, record -> Rows.utc(reportedHour(record)), OffsetDateTime[]::new))
                .compose(done -> HeldRecords.QUARANTINED.keep(transaction, quarantined, this::unknown));
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
