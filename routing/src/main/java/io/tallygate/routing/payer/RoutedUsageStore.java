package io.tallygate.routing.payer;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.aggregate.AggregateRows;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Dimensions;
import io.tallygate.store.aggregate.Page;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.StoredAggregate;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.aggregate.UsageQuery;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads what was routed to a CSP subscription, in pages by key, and how far routing is. All of it on the primary: grants
 * end at once.
 */
public final class RoutedUsageStore {
    private static final String STATUS = """
            select coalesce(r.routed_through, w.first_hour) as routed_through
            from routing_state r cross join window_state w""";
    // A day's sums have no kind: whatever moved within the day is in them.
    private static final String SELECT = "select " + AggregateRows.COLUMNS + """
            , a.commerce_meter_id, %s
            from %s a
            where a.payer_subscription_id = $1 and a.reported_time >= $2 and a.reported_time < $3
              and (a.reported_time, a.seq) > ($2, $4)
            order by a.reported_time, a.seq
            limit case when require_kept($6) then $5::bigint end""";
    private static final String COUNT = """
            select case when require_kept($5) then count(*) end
            from %s a
            where a.payer_subscription_id = $1 and a.reported_time >= $2 and a.reported_time < $3
              and (a.reported_time, a.seq) > ($2, $4)""";
    private static final String HOURS = "routed_usage";
    private static final String DAYS = "routed_daily";
    private static final String HOURLY = SELECT.formatted("a.kind, a.origin_time", HOURS);
    private static final String DAILY = SELECT.formatted("null::text, null::timestamptz", DAYS);
    private static final int COMMERCE_METER = 7;
    private static final int KIND = 8;
    private static final int ORIGIN_TIME = 9;

    private final Database database;
    private final AggregateRows rows;
    private final RoutedInstances instances = new RoutedInstances();
    private final AtomicReference<Instant> knownRouted = new AtomicReference<>(Instant.MIN);

    /** Reads from the given database; rows refer to {@code dimensions} of the same. */
    public RoutedUsageStore(Database database, Dimensions dimensions) {
        this.database = database;
        this.rows = new AggregateRows(dimensions);
    }

    /** Windows before it are routed; null before the first window was closed. */
    public Future<Instant> routedThrough() {
        return database.read(connection -> connection
                .preparedQuery(STATUS)
                .execute(Tuple.tuple())
                .map(rows -> Rows.instant(rows.iterator().next(), "routed_through")));
    }

    /**
     * Whether everything reported before this time is routed. A yes is remembered: a routed window stays routed, so the
     * database is asked only near the watermark.
     */
    public Future<Boolean> isRoutedThrough(Instant time) {
        if (!time.isAfter(knownRouted.get())) {
            return Future.succeededFuture(true);
        }
        return routedThrough().map(through -> {
            if (through == null) {
                return false;
            }
            knownRouted.accumulateAndGet(through, (a, b) -> a.isAfter(b) ? a : b);
            return !time.isAfter(through);
        });
    }

    /**
     * A page of the query's range, which must be routed. Fails with a {@link io.tallygate.store.NotKeptException} if it
     * begins before what is kept.
     *
     * @throws IllegalArgumentException for a scope other than {@code PaidBy}: local usage is read elsewhere
     */
    public Future<Page<UsageAggregate, PagePosition>> page(UsageQuery query) {
        Tuple parameters =
                range(query).addInteger(query.pageSize() + 1).addOffsetDateTime(Rows.utc(query.reportedStart()));
        String sql = query.granularity() == AggregationGranularity.Daily ? DAILY : HOURLY;
        return rows.page(database, query, sql, parameters, row -> aggregate(query, row));
    }

    /**
     * How many rows the query's range has from its position on, whatever its page size; fails as {@link #page} does.
     *
     * @throws IllegalArgumentException for a scope other than {@code PaidBy}
     */
    public Future<Long> count(UsageQuery query) {
        String table = query.granularity() == AggregationGranularity.Daily ? DAYS : HOURS;
        return AggregateRows.count(
                database,
                query.viewer(),
                COUNT.formatted(table),
                range(query).addOffsetDateTime(Rows.utc(query.reportedStart())));
    }

    private static Tuple range(UsageQuery query) {
        return Tuple.of(
                payer(query).value(),
                Rows.utc(query.after().reportedTime()),
                Rows.utc(query.reportedEnd()),
                query.after().seq());
    }

    private static SubscriptionId payer(UsageQuery query) {
        if (query.scope() instanceof UsageScope.PaidBy paidBy) {
            return paidBy.payer();
        }
        throw new IllegalArgumentException("Not the scope of a payer: " + query.scope());
    }

    private UsageAggregate aggregate(UsageQuery query, StoredAggregate stored) {
        String commerceMeterId = stored.row().getString(COMMERCE_METER);
        OffsetDateTime origin = stored.row().getOffsetDateTime(ORIGIN_TIME);
        UUID name = new RoutedName(
                        query.granularity(),
                        stored.position().reportedTime(),
                        payer(query).value(),
                        stored.meter().id(),
                        commerceMeterId,
                        stored.instance(),
                        stored.usageTime(),
                        stored.row().getString(KIND),
                        origin == null ? null : origin.toInstant())
                .value();
        return new UsageAggregate(
                stored.position(),
                name,
                payer(query),
                stored.usageTime(),
                stored.meter(),
                stored.quantity(),
                instances.of(stored.instance(), commerceMeterId));
    }
}
