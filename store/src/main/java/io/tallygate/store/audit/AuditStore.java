package io.tallygate.store.audit;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.Viewer;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Reads the audit, and appends what is no part of another change. */
public final class AuditStore {
    // Plans are made for the values that are given: what is null is left out of them.
    private static final String FILTERED = "select " + AuditEntry.COLUMNS + """

            from audit_entry
            where ($1::timestamptz is null or recorded_at >= $1)
              and ($2::timestamptz is null or recorded_at < $2)
              and ($3::text is null or action = $3)
              and ($4::text is null or target = $4)
              and ($5::uuid is null or tenant_id = $5)
              and ($6::text is null or subject = $6)
            """;
    private static final String OLDEST_FIRST =
            FILTERED + "and ($7::bigint is null or audit_id > $7) order by audit_id limit $8";
    private static final String NEWEST_FIRST =
            FILTERED + "and ($7::bigint is null or audit_id < $7) order by audit_id desc limit $8";
    private static final String POSITION =
            "select max(audit_id) as audit_id from audit_entry where tenant_id = $1 and correlation_id = $2";
    private static final String HEADS = """
            select * from (
              select day, audit_id, encode(hash, 'hex') as hash, true as ended from audit_day_head
              union all
              select day, audit_id, encode(hash, 'hex'), false from audit_head where audit_id > 0) heads
            where $1::date is null or day > $1
            order by day
            limit $2""";

    private final Database database;

    /** Works in the given database. */
    public AuditStore(Database database) {
        this.database = database;
    }

    /** Which way a page goes. */
    public enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /**
     * A page in the order of the chain.
     *
     * @param viewer who looks: a tenant sees its own entries only, whatever the filter says
     * @param after the place of the last entry of the page before; null for the first page
     */
    public Future<List<AuditEntry>> page(Viewer viewer, AuditFilter filter, Order order, Long after, int size) {
        Tuple parameters = Tuple.of(Rows.utc(filter.from()), Rows.utc(filter.to()))
                .addString(filter.action())
                .addString(filter.target())
                .addUUID(filter.tenant())
                .addString(filter.subject())
                .addLong(after)
                .addInteger(size);
        String sql = order == Order.OLDEST_FIRST ? OLDEST_FIRST : NEWEST_FIRST;
        return database.read(
                viewer,
                connection -> connection.preparedQuery(sql).execute(parameters).map(rows -> all(rows, AuditEntry::of)));
    }

    /** The place of a tenant's latest entry with this correlation id; empty if it has none. */
    public Future<Optional<Long>> position(Viewer viewer, UUID tenant, String correlationId) {
        return database.read(
                viewer,
                connection -> connection
                        .preparedQuery(POSITION)
                        .execute(Tuple.of(tenant, correlationId))
                        .map(rows -> Optional.ofNullable(rows.iterator().next().getLong("audit_id"))));
    }

    /**
     * The heads of days in their order; the last one is that of the chain as it is now.
     *
     * @param after the day of the last head of the page before; null for the first page
     */
    public Future<List<AuditHead>> heads(LocalDate after, int size) {
        return database.read(connection -> connection
                .preparedQuery(HEADS)
                .execute(Tuple.tuple().addLocalDate(after).addInteger(size))
                .map(rows -> all(
                        rows,
                        row -> new AuditHead(
                                row.getLocalDate("day"),
                                row.getLong("audit_id"),
                                row.getString("hash"),
                                row.getBoolean("ended")))));
    }

    /**
     * Appends entries in one transaction. It is not repeated: where its answer was lost, they may be there.
     *
     * @param notes one or more
     */
    public Future<Void> append(List<AuditNote> notes) {
        return database.transaction(transaction -> AuditTrail.append(transaction, notes));
    }

    private static <T> List<T> all(RowSet<Row> rows, Function<Row, T> entry) {
        List<T> all = new ArrayList<>(rows.size());
        rows.forEach(row -> all.add(entry.apply(row)));
        return all;
    }
}
