package io.tallygate.store.aggregate;

import io.tallygate.store.Rows;
import io.tallygate.store.SealedReads;
import io.tallygate.store.Viewer;
import io.tallygate.store.directory.ProviderPeriod;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads sealed aggregates by key: every piece of a range costs the same, wherever it begins, and no row is skipped or
 * repeated. Between two pieces nothing is held.
 */
public final class UsageAggregateStore {
    private static final String SELECT = """
            select %s
            from %s a
            where a.reported_time >= $1 and a.reported_time < $2 and (a.reported_time, a.seq) > ($1, $3)%s
            order by a.reported_time, a.seq
            limit case when require_kept($5) then $4::bigint end""";
    // Window by window, so that a page of a provider with few tenants costs what they have, not what everyone has:
    // within a window the planner may look at each tenant, or at all rows in their order.
    private static final String SELECT_OF_PROVIDER = """
            select %1$s
            from (
              select at
              from generate_series(
                greatest($1::timestamptz, date_bin('%2$s', first_hour(), 'epoch')),
                $2::timestamptz - interval '%2$s', interval '%2$s') as at
              order by at) as windows
            cross join lateral (
              select a.*
              from %3$s a%4$s
              where a.reported_time = at and (at > $1 or a.seq > $3)%5$s
              order by a.seq limit $4) as a
            order by at, a.seq
            limit case when require_kept($5) then $4::bigint end""";
    private static final String COUNT = """
            select case when require_kept($4) then count(*) end
            from %s a%s
            where a.reported_time >= $1 and a.reported_time < $2 and (a.reported_time, a.seq) > ($1, $3)%s""";
    // Within a window rows are numbered without a gap: its last number is their count, found by one look at an index.
    // Only for whoever sees all of them: of some, the last number would tell about the others.
    private static final String COUNT_EVERYONE = """
            select case when require_kept($4) then
                coalesce(sum(last.seq - case when at = $1 then $3 else 0 end), 0)::bigint end
            from generate_series(
              greatest($1::timestamptz, (select coalesce(min(a.reported_time), $2::timestamptz) from %s a)),
              $2::timestamptz - interval '%s', interval '%s') as at
            cross join lateral (
              select a.seq from %s a where a.reported_time = at order by a.seq desc limit 1) as last""";
    private static final String OF_SUBSCRIPTION = " and a.subscription_id = $%d";
    private static final String WITH_PERIODS = " join subscription_provider p on p.subscription_id = a.subscription_id";
    // Whose subscriptions never moved pays for nothing but to see that, and the planner knows how many they are.
    private static final String OF_PROVIDER = " and p.provider_subscription_id = $%d"
            + " and (p.whole or (a.usage_time >= p.effective_from and a.usage_time < p.effective_to))";

    private final SealedReads sealed;
    private final AggregateRows rows;

    /** Reads there; rows refer to {@code dimensions} of the same. */
    public UsageAggregateStore(SealedReads sealed, Dimensions dimensions) {
        this.sealed = sealed;
        this.rows = new AggregateRows(dimensions);
    }

    /**
     * A page of the query's range, which must be sealed. Fails with a {@link io.tallygate.store.NotKeptException} if it
     * begins before what is kept.
     *
     * @throws IllegalArgumentException for the scope {@code PaidBy}: routed usage is read elsewhere
     */
    public Future<Page<UsageAggregate, PagePosition>> page(UsageQuery query) {
        Tuple parameters =
                range(query).addInteger(query.pageSize() + 1).addOffsetDateTime(Rows.utc(query.reportedStart()));
        String table = query.granularity().table();
        String condition = condition(query.scope(), parameters);
        String sql = query.scope() instanceof UsageScope.DirectTenantsOf
                ? SELECT_OF_PROVIDER.formatted(AggregateRows.COLUMNS, step(query), table, WITH_PERIODS, condition)
                : SELECT.formatted(AggregateRows.COLUMNS, table, condition);
        return sealed.read(
                query.reportedEnd(), from -> rows.page(from, query, sql, parameters, row -> aggregate(query, row)));
    }

    /**
     * How many rows the query's range has from its position on, whatever its page size; fails as {@link #page} does.
     *
     * @throws IllegalArgumentException for the scope {@code PaidBy}
     */
    public Future<Long> count(UsageQuery query) {
        Tuple parameters = range(query).addOffsetDateTime(Rows.utc(query.reportedStart()));
        String table = query.granularity().table();
        String step = step(query);
        boolean all = query.scope() instanceof UsageScope.Everyone && query.viewer() instanceof Viewer.Operator;
        String sql = all
                ? COUNT_EVERYONE.formatted(table, step, step, table)
                : COUNT.formatted(
                        table,
                        query.scope() instanceof UsageScope.DirectTenantsOf ? WITH_PERIODS : "",
                        condition(query.scope(), parameters));
        return sealed.read(query.reportedEnd(), from -> AggregateRows.count(from, query.viewer(), sql, parameters));
    }

    private static String step(UsageQuery query) {
        return query.granularity().length().toHours() + " hours";
    }

    private static Tuple range(UsageQuery query) {
        OffsetDateTime from = Rows.utc(query.after().reportedTime());
        return Tuple.of(from, Rows.utc(query.reportedEnd()), query.after().seq());
    }

    private static String condition(UsageScope scope, Tuple parameters) {
        if (scope instanceof UsageScope.OneSubscription one) {
            parameters.addUUID(one.subscription().value());
            return OF_SUBSCRIPTION.formatted(parameters.size());
        }
        if (scope instanceof UsageScope.OneServed served) {
            parameters.addUUID(served.subscription().value());
            return OF_SUBSCRIPTION.formatted(parameters.size()) + within(served.periods(), parameters);
        }
        if (scope instanceof UsageScope.DirectTenantsOf provider) {
            parameters.addUUID(provider.providerSubscription().value());
            return OF_PROVIDER.formatted(parameters.size());
        }
        if (scope instanceof UsageScope.Everyone) {
            return "";
        }
        throw new IllegalArgumentException("Not a local scope: " + scope);
    }

    private static String within(List<ProviderPeriod> periods, Tuple parameters) {
        return periods.stream()
                .map(period -> "("
                        + bound("a.usage_time >= $%d", period.from(), parameters) + " and "
                        + bound("a.usage_time < $%d", period.to(), parameters) + ")")
                .collect(Collectors.joining(" or ", " and (", ")"));
    }

    private static String bound(String comparison, Instant time, Tuple parameters) {
        if (time == null) {
            return "true";
        }
        parameters.addOffsetDateTime(Rows.utc(time));
        return comparison.formatted(parameters.size());
    }

    private static UsageAggregate aggregate(UsageQuery query, StoredAggregate row) {
        Instance instance = row.instance();
        return new UsageAggregate(
                row.position(),
                AggregateName.of(
                        query.granularity(),
                        row.position().reportedTime(),
                        instance.subscription().value(),
                        row.meter().id(),
                        instance.digest(),
                        row.usageTime()),
                instance.subscription(),
                row.usageTime(),
                row.meter(),
                row.quantity(),
                instance);
    }
}
