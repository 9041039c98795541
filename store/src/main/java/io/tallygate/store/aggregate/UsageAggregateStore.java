package io.tallygate.store.aggregate;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads sealed aggregates in pages by key: every page costs the same, and rows are never skipped or repeated. */
public final class UsageAggregateStore {
    // The page is cut before anything is joined: the planner thinks that joins leave few rows, and would read and sort
    // all that follows for every page.
    private static final String SELECT = """
            select a.reported_time, a.seq, a.subscription_id, a.usage_time, a.quantity, m.meter_id, m.name, m.unit,
              i.digest, i.instance_data
            from (
              select * from %s a
              where a.reported_time >= $1 and a.reported_time < $2 and (a.reported_time, a.seq) > ($3, $4)%s
              order by a.reported_time, a.seq
              limit $5) a
            join meter m using (meter_key)
            join instance i using (subscription_id, instance_id)
            order by a.reported_time, a.seq""";
    private static final String OF_SUBSCRIPTION = " and a.subscription_id = $6";
    private static final String OF_PROVIDER =
            " and a.subscription_id in (select subscription_id from subscription where provider_subscription_id = $6)";

    private final Database database;

    /** Reads from the given database. */
    public UsageAggregateStore(Database database) {
        this.database = database;
    }

    /**
     * A page of the query's range, which must be sealed.
     *
     * @throws IllegalArgumentException for the scope {@code PaidBy}: routed usage is read elsewhere
     */
    public Future<Page<UsageAggregate, PagePosition>> page(UsageQuery query) {
        Tuple parameters = Tuple.of(
                Rows.utc(query.after().reportedTime()),
                Rows.utc(query.reportedEnd()),
                Rows.utc(query.after().reportedTime()),
                query.after().seq(),
                query.pageSize() + 1);
        String sql = SELECT.formatted(query.granularity().table(), condition(query.scope(), parameters));
        return database.read(connection -> connection.preparedQuery(sql).execute(parameters))
                .map(rows -> Page.of(aggregates(query, rows), query.pageSize(), UsageAggregate::position));
    }

    private static String condition(UsageScope scope, Tuple parameters) {
        if (scope instanceof UsageScope.OneSubscription one) {
            parameters.addUUID(one.subscription().value());
            return OF_SUBSCRIPTION;
        }
        if (scope instanceof UsageScope.DirectTenantsOf provider) {
            parameters.addUUID(provider.providerSubscription().value());
            return OF_PROVIDER;
        }
        if (scope instanceof UsageScope.Everyone) {
            return "";
        }
        throw new IllegalArgumentException("Not a local scope: " + scope);
    }

    private static List<UsageAggregate> aggregates(UsageQuery query, RowSet<Row> rows) {
        List<UsageAggregate> aggregates = new ArrayList<>(rows.size());
        for (Row row : rows) {
            UUID subscription = row.getUUID("subscription_id");
            Instant reportedTime = Rows.instant(row, "reported_time");
            Instant usageTime = Rows.instant(row, "usage_time");
            String meterId = row.getString("meter_id");
            byte[] digest = row.getBuffer("digest").getBytes();
            aggregates.add(new UsageAggregate(
                    new PagePosition(reportedTime, row.getInteger("seq")),
                    AggregateName.of(query.granularity(), reportedTime, subscription, meterId, digest, usageTime),
                    new SubscriptionId(subscription),
                    usageTime,
                    meterId,
                    row.getString("name"),
                    row.getString("unit"),
                    row.getBigDecimal("quantity"),
                    row.getString("instance_data")));
        }
        return aggregates;
    }
}
