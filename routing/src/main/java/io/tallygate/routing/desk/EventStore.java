package io.tallygate.routing.desk;

import io.tallygate.routing.desk.EventAccount.LedgerEntry;
import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads events: pages in order of reported time, and single ones with all that happened to them. */
public final class EventStore {
    private static final String POSITION =
            "select reported_time, payer_subscription_id, event_key from delivery_event where event_key = $1 limit 1";
    private static final String FIND = "select " + DeliveryEvent.COLUMNS
            + ", e.body, e.body_hash from delivery_event e where e.event_key = $1 order by e.reported_time limit 1";
    private static final String USAGE = """
            select r.usage_time, r.subscription_id, s.tenant_id, r.dimension, count(*) as rows,
              sum(r.record_count)::bigint as records, sum(r.quantity) as quantity
            from event_row r join subscription s using (subscription_id)
            where r.payer_subscription_id = $1 and r.event_time = $2 and r.event_key = $3
            group by r.usage_time, r.subscription_id, s.tenant_id, r.dimension
            order by r.usage_time, r.subscription_id, r.dimension
            limit %d""".formatted(EventAccount.MOST_USAGE);
    // Read once, from the tenant's side: the events of others may be a million times as many.
    private static final String AMONG_THE_TENANTS = """
            e.event_key = any (array(
              select distinct r.event_key
              from subscription s join event_row r using (subscription_id)
              where s.tenant_id = ? and r.event_key is not null
                and r.event_time >= coalesce(?::timestamptz, '-infinity')
                and r.event_time < coalesce(?::timestamptz, 'infinity')))""";
    private static final String HAS_OF_TENANT = """
            exists (
              select from event_row r join subscription s using (subscription_id)
              where r.payer_subscription_id = e.payer_subscription_id and r.event_time = e.reported_time
                and r.event_key = e.event_key and s.tenant_id = ?)""";
    private static final String IN_SUBMISSION =
            "e.event_key = any (array(select event_key from delivery_ledger where submission_id = ?))";
    private static final String SUBMISSION =
            "select * from delivery_ledger where submission_id = $1 order by event_key, entry_id";
    private static final String LEDGER = """
            select * from (
              select * from delivery_ledger
              where payer_subscription_id = $1 and reported_time = $2 and event_key = $3
              order by entry_id desc
              limit %d) latest
            order by entry_id""".formatted(EventAccount.MOST_LEDGER);

    private final Database database;

    /** Reads from the given database. */
    public EventStore(Database database) {
        this.database = database;
    }

    /**
     * Events in order of reported time.
     *
     * @param after the key of the last event of the page before; null for the first page
     * @return at most {@code size}; empty if there is no event {@code after}
     */
    public Future<Optional<List<DeliveryEvent>>> page(EventFilter filter, UUID after, int size) {
        return database.read(connection -> after == null
                ? events(connection, filter, null, size)
                : connection
                        .preparedQuery(POSITION)
                        .execute(Tuple.of(after))
                        .compose(rows -> rows.size() == 0
                                ? Future.succeededFuture(Optional.empty())
                                : events(connection, filter, rows.iterator().next(), size)));
    }

    /** An event with its content and its history; null if there is none of this key. */
    public Future<EventAccount> find(UUID key) {
        return database.read(connection -> connection
                .preparedQuery(FIND)
                .execute(Tuple.of(key))
                .compose(rows -> rows.size() == 0
                        ? Future.succeededFuture()
                        : account(connection, rows.iterator().next())));
    }

    /** What became of each event that was sent with a request, by the event's key. */
    public Future<Map<UUID, List<LedgerEntry>>> attempts(UUID submission) {
        return database.read(connection -> connection
                .preparedQuery(SUBMISSION)
                .execute(Tuple.of(submission))
                .map(rows -> {
                    Map<UUID, List<LedgerEntry>> entries = new HashMap<>();
                    rows.forEach(row -> entries.computeIfAbsent(row.getUUID("event_key"), key -> new ArrayList<>())
                            .add(entry(row)));
                    return entries;
                }));
    }

    // Conditions are put together here since a plan for "any" would read the whole table where an index would
    // do. Nothing of a caller gets into the text.
    private static Future<Optional<List<DeliveryEvent>>> events(
            SqlConnection connection, EventFilter filter, Row after, int size) {
        Conditions where = new Conditions();
        where.add(
                "e.payer_subscription_id = ?",
                filter.payer() == null ? null : filter.payer().value());
        where.add("e.endpoint = ?", filter.endpoint());
        where.add("e.reason = ?", filter.reason());
        where.add(IN_SUBMISSION, filter.submission());
        where.add("e.reported_time >= ?", Rows.utc(filter.from()));
        where.add("e.reported_time < ?", Rows.utc(filter.to()));
        UUID tenant = filter.tenant() == null ? null : filter.tenant().value();
        if (filter.isOfTenantAlone()) {
            OffsetDateTime from = after == null ? Rows.utc(filter.from()) : after.getOffsetDateTime("reported_time");
            where.add(AMONG_THE_TENANTS, tenant, from, Rows.utc(filter.to()));
        } else {
            where.add(HAS_OF_TENANT, tenant);
        }
        if (filter.state() != null) {
            where.add(condition(filter.state()));
        }
        if (after != null) {
            where.add(
                    "(e.reported_time, e.payer_subscription_id, e.event_key) > (?, ?, ?)",
                    after.getOffsetDateTime("reported_time"),
                    after.getUUID("payer_subscription_id"),
                    after.getUUID("event_key"));
        }
        String sql = "select " + DeliveryEvent.COLUMNS + " from delivery_event e where " + where.text()
                + " order by e.reported_time, e.payer_subscription_id, e.event_key limit " + size;
        return connection.preparedQuery(sql).execute(where.parameters()).map(rows -> {
            List<DeliveryEvent> events = new ArrayList<>(rows.size());
            rows.forEach(row -> events.add(DeliveryEvent.of(row)));
            return Optional.of(events);
        });
    }

    private static String condition(EventState state) {
        return switch (state) {
            case PENDING -> "e.state = 'pending' and not " + DeliveryEvent.HELD;
            case HELD -> "e.state = 'pending' and " + DeliveryEvent.HELD;
            default -> "e.state = '" + state.wireName() + "'";
        };
    }

    private static Future<EventAccount> account(SqlConnection connection, Row found) {
        DeliveryEvent event = DeliveryEvent.of(found);
        Buffer body = found.getBuffer("body");
        Buffer hash = found.getBuffer("body_hash");
        Tuple key = Tuple.of(event.payer().value(), Rows.utc(event.reportedTime()), event.key());
        return Future.all(
                        connection.preparedQuery(USAGE).execute(key),
                        connection.preparedQuery(LEDGER).execute(key))
                .map(both -> new EventAccount(event, body, hash, usage(both.resultAt(0)), ledger(both.resultAt(1))));
    }

    private static List<EventAccount.Usage> usage(Iterable<Row> rows) {
        List<EventAccount.Usage> usage = new ArrayList<>();
        rows.forEach(row -> usage.add(new EventAccount.Usage(
                Rows.instant(row, "usage_time"),
                new SubscriptionId(row.getUUID("subscription_id")),
                new TenantId(row.getUUID("tenant_id")),
                row.getString("dimension"),
                row.getLong("rows"),
                row.getLong("records"),
                row.getBigDecimal("quantity"))));
        return usage;
    }

    private static List<LedgerEntry> ledger(Iterable<Row> rows) {
        List<LedgerEntry> entries = new ArrayList<>();
        rows.forEach(row -> entries.add(entry(row)));
        return entries;
    }

    private static LedgerEntry entry(Row row) {
        return new LedgerEntry(
                Rows.instant(row, "recorded_at"),
                row.getString("outcome"),
                row.getInteger("attempt"),
                row.getBoolean("fenced"),
                row.getUUID("submission_id"),
                row.getString("remote_id"),
                row.getString("detail"));
    }
}
