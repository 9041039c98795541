package io.tallygate.routing.payer;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Page;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.aggregate.UsageQuery;
import io.tallygate.store.aggregate.UsageScope;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** Reads what was routed to a CSP subscription, in pages by key, and how far routing is. */
public final class RoutedUsageStore {
    private static final String STATUS = """
            select coalesce(r.routed_through, w.first_hour) as routed_through
            from routing_state r cross join window_state w""";
    // A day's sums have no kind: whatever moved within the day is in them. The page is cut before anything is joined:
    // the planner thinks that joins leave few rows, and would read and sort all that follows for every page.
    private static final String SELECT = """
            select u.reported_time, u.seq, u.subscription_id, u.usage_time, u.quantity, u.commerce_meter_id, %s,
              m.meter_id, m.name, m.unit, i.digest, i.resource_uri, i.location, i.tags, i.additional_info
            from (
              select * from %s u
              where u.payer_subscription_id = $1 and u.reported_time >= $2 and u.reported_time < $3
                and (u.reported_time, u.seq) > ($4, $5)
              order by u.reported_time, u.seq
              limit $6) u
            join meter m using (meter_key)
            join instance i using (subscription_id, instance_id)
            order by u.reported_time, u.seq""";
    private static final String HOURLY = SELECT.formatted("u.kind, u.origin_time", "routed_usage");
    private static final String DAILY =
            SELECT.formatted("null::text as kind, null::timestamptz as origin_time", "routed_daily");

    private final Database database;
    private final AtomicReference<Instant> knownRouted = new AtomicReference<>(Instant.MIN);

    /** Reads from the given database. */
    public RoutedUsageStore(Database database) {
        this.database = database;
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
     * A page of the query's range, which must be routed.
     *
     * @throws IllegalArgumentException for a scope other than {@code PaidBy}: local usage is read elsewhere
     */
    public Future<Page<UsageAggregate, PagePosition>> page(UsageQuery query) {
        if (!(query.scope() instanceof UsageScope.PaidBy paidBy)) {
            throw new IllegalArgumentException("Not the scope of a payer: " + query.scope());
        }
        Tuple parameters = Tuple.of(
                paidBy.payer().value(),
                Rows.utc(query.after().reportedTime()),
                Rows.utc(query.reportedEnd()),
                Rows.utc(query.after().reportedTime()),
                query.after().seq(),
                query.pageSize() + 1);
        String sql = query.granularity() == AggregationGranularity.Daily ? DAILY : HOURLY;
        return database.read(connection -> connection.preparedQuery(sql).execute(parameters))
                .map(rows -> Page.of(aggregates(query, paidBy, rows), query.pageSize(), UsageAggregate::position));
    }

    private static List<UsageAggregate> aggregates(UsageQuery query, UsageScope.PaidBy paidBy, RowSet<Row> rows) {
        List<UsageAggregate> aggregates = new ArrayList<>(rows.size());
        for (Row row : rows) {
            UUID subscription = row.getUUID("subscription_id");
            String commerceMeterId = row.getString("commerce_meter_id");
            Instant reportedTime = Rows.instant(row, "reported_time");
            Instant usageTime = Rows.instant(row, "usage_time");
            UUID name = new RoutedName(
                            query.granularity(),
                            reportedTime,
                            paidBy.payer().value(),
                            subscription,
                            row.getString("meter_id"),
                            commerceMeterId,
                            row.getBuffer("digest"),
                            usageTime,
                            row.getString("kind"),
                            Rows.instant(row, "origin_time"))
                    .value();
            aggregates.add(new UsageAggregate(
                    new PagePosition(reportedTime, row.getInteger("seq")),
                    name,
                    paidBy.payer(),
                    usageTime,
                    row.getString("meter_id"),
                    row.getString("name"),
                    row.getString("unit"),
                    row.getBigDecimal("quantity"),
                    RoutedInstanceData.of(
                            row.getString("resource_uri"),
                            row.getString("location"),
                            row.getString("tags"),
                            row.getString("additional_info"),
                            commerceMeterId,
                            subscription)));
        }
        return aggregates;
    }
}
