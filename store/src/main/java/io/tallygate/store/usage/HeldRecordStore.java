package io.tallygate.store.usage;

import io.tallygate.store.Database;
import io.tallygate.store.Partitions;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.tallygate.store.window.OpenWindow;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an operator sees and decides about records that are kept but not taken, and their release. */
public final class HeldRecordStore {
    private static final int RELEASE_BATCH = 1000;
    // A discarded record leaves its table, but not its identity: the same id stays refused.
    private static final String DISCARD_IDENTITY = """
            update usage_identity set discarded = true
            where source = $1 and record_id = $2 and reported_hour is null""";
    private static final String RELEASABLE = """
            select q.*, m.meter_key
            from quarantined_record q join meter m on lower(m.meter_id collate "C") = lower(q.meter_id collate "C")
            where exists (select from subscription s where s.subscription_id = q.subscription_id)
            order by q.held_id limit $1
            for update of q skip locked""";
    private static final String RELEASE_IDENTITIES = """
            update usage_identity i set reported_hour = $3
            from unnest($1::text[], $2::text[]) as released (source, record_id)
            where i.source = released.source and i.record_id = released.record_id""";
    private static final String DELETE_RELEASED = "delete from quarantined_record where held_id = any($1)";

    // Never all of them: somebody may report under a wrong subscription for days.
    private static final String COUNT = """
            select reason, count(*) as records
            from (
              (select reason from quarantined_record limit $1)
              union all
              (select 'PayloadDiffers' from conflicting_record limit $1)) as held
            group by reason""";

    private final Database database;
    private final Partitions partitions;

    /** Reads and releases in the given database. */
    public HeldRecordStore(Database database, Partitions partitions) {
        this.database = database;
        this.partitions = partitions;
    }

    /** A page in the order in which the records came: those after the given {@code heldId}, 0 for the first page. */
    public Future<List<HeldRecord>> page(HeldRecords kind, long after, int size) {
        String sql = "select * from " + kind.table() + " where held_id > $1 order by held_id limit $2";
        return database.read(connection -> connection
                .preparedQuery(sql)
                .execute(Tuple.of(after, size))
                .map(rows -> {
                    List<HeldRecord> page = new ArrayList<>();
                    rows.forEach(row -> page.add(HeldRecords.held(row)));
                    return page;
                }));
    }

    /** How many there are for each reason that there is; quarantine and conflicts are each counted up to {@code most}. */
    public Future<Map<RecordError, Long>> count(int most) {
        return database.read(connection -> connection
                .preparedQuery(COUNT)
                .execute(Tuple.of(most))
                .map(rows -> {
                    Map<RecordError, Long> counts = new EnumMap<>(RecordError.class);
                    rows.forEach(
                            row -> counts.put(RecordError.valueOf(row.getString("reason")), row.getLong("records")));
                    return counts;
                }));
    }

    /**
     * Discards a record for good; the audit keeps it whole.
     *
     * @return the record, or null if there is none (any more)
     */
    public Future<HeldRecord> discard(HeldRecords kind, long heldId, String reason, Actor actor) {
        String sql = "delete from " + kind.table() + " where held_id = $1 returning *";
        return database.transaction(transaction -> transaction
                .preparedQuery(sql)
                .execute(Tuple.of(heldId))
                .map(rows -> rows.size() == 0
                        ? null
                        : HeldRecords.held(rows.iterator().next()))
                .compose(held -> held == null
                        ? Future.succeededFuture()
                        : account(transaction, kind, held, reason, actor).map(held)));
    }

    private static Future<Void> account(
            SqlConnection transaction, HeldRecords kind, HeldRecord held, String reason, Actor actor) {
        UsageRecord record = held.record();
        Future<Void> identity = kind == HeldRecords.CONFLICTING
                ? Future.succeededFuture()
                : transaction
                        .preparedQuery(DISCARD_IDENTITY)
                        .execute(Tuple.of(record.source(), record.id()))
                        .mapEmpty();
        String action = kind == HeldRecords.CONFLICTING ? "conflicts.discard" : "quarantine.discard";
        return identity.compose(done ->
                AuditTrail.append(transaction, actor, action, Long.toString(held.heldId()), reason, detail(record)));
    }

    private static String detail(UsageRecord record) {
        return "{\"source\":" + CanonicalJson.quoted(record.source())
                + ",\"id\":" + CanonicalJson.quoted(record.id())
                + ",\"subscriptionId\":\"" + record.instance().subscription()
                + "\",\"meterId\":" + CanonicalJson.quoted(record.meterId())
                + ",\"quantity\":" + CanonicalJson.plain(record.quantity())
                + ",\"usageStartTime\":\"" + record.usageStart()
                + "\",\"usageEndTime\":\"" + record.usageEnd()
                + "\",\"instanceData\":" + record.instance().instanceData() + "}";
    }

    /**
     * Takes quarantined records whose subscription and meter are known by now: they join the window that is open now.
     *
     * @return how many; fewer than there are if it is a large number: ask again until it is 0
     */
    public Future<Integer> release() {
        return database.transaction(transaction -> new Release(transaction).run())
                .map(release -> {
                    partitions.committed(release.reportedHours());
                    return release.records.size();
                });
    }

    private final class Release {
        private final SqlConnection transaction;
        private final List<RecordWriter.Entry> records = new ArrayList<>();
        private final List<Long> heldIds = new ArrayList<>();
        private Instant openHour;

        Release(SqlConnection transaction) {
            this.transaction = transaction;
        }

        Set<Instant> reportedHours() {
            return records.isEmpty() ? Set.of() : Set.of(openHour);
        }

        Future<Release> run() {
            return OpenWindow.join(transaction)
                    .map(window -> openHour = window.hour())
                    .compose(hour -> transaction.preparedQuery(RELEASABLE).execute(Tuple.of(RELEASE_BATCH)))
                    .compose(rows -> {
                        rows.forEach(row -> {
                            records.add(new RecordWriter.Entry(
                                    HeldRecords.held(row).record(), row.getInteger("meter_key"), openHour));
                            heldIds.add(row.getLong("held_id"));
                        });
                        return records.isEmpty() ? Future.succeededFuture(this) : take();
                    });
        }

        private Future<Release> take() {
            Tuple identities = Tuple.of(
                    Rows.array(records, entry -> entry.record().source(), String[]::new),
                    Rows.array(records, entry -> entry.record().id(), String[]::new),
                    Rows.utc(openHour));
            return partitions
                    .ensure(transaction, reportedHours())
                    .compose(done ->
                            transaction.preparedQuery(RELEASE_IDENTITIES).execute(identities))
                    .compose(done -> new RecordWriter(transaction).write(records))
                    .compose(done ->
                            transaction.preparedQuery(DELETE_RELEASED).execute(Tuple.of(heldIds.toArray(Long[]::new))))
                    .map(this);
        }
    }
}
