package io.tallygate.store.collect;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.Viewer;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads through when collected usage is complete; cheap, however many windows there were. */
public final class CompletenessStore {
    private static final String COMPLETE_THROUGH = """
            coalesce(
              (select min(window_start) from collect_window where source = s.source and collected_at is null),
              s.planned_through) as complete_through""";
    private static final String SOURCES = """
            select s.source, s.registration_id, %s,
              (select count(*) from collect_window where source = s.source and collected_at is null) as waiting,
              clock_timestamp() as now
            from collect_source s
            where s.ended_at is null
            order by s.source""".formatted(COMPLETE_THROUGH);
    private static final String TENANTS = """
            with collected as (
              select registration_id, min(complete_through) as complete_through, bool_or(files) as files
              from (select s.registration_id, s.planned_through is null as files, %s from collect_source s
                where s.registration_id is not null and s.ended_at is null) sources
              group by registration_id)
            select u.tenant_id, count(*) as subscriptions, count(c.registration_id) as collected,
              coalesce(bool_or(c.files), false) as files, min(c.complete_through) as complete_through
            from subscription u
            left join collected c on c.registration_id = u.registration_id
            where ($1::uuid is null or u.tenant_id = $1) and ($2::uuid is null or u.tenant_id > $2)
            group by u.tenant_id
            order by u.tenant_id
            limit $3""".formatted(COMPLETE_THROUGH);

    // Of files nobody knows what has not arrived. Later than the end asked for is what is not collected, or may be in a
    // later window of this gateway.
    private static final String OF_ANSWER = """
            with asked (registration_id) as (%s)
            select case when bool_and(c.complete_through is not null) then min(c.complete_through) end as complete_through
            from asked a
            left join lateral (
              select case when bool_and(s.planned_through is not null) then min(least(s.planned_through,
                (select min(window_start) from collect_window where source = s.source and collected_at is null),
                (select min(window_start) from collect_window where source = s.source and stored_through > $1),
                (select min(window_start) from collect_window
                 where source = s.source and stored_through is null and collected_at > $1 - interval '25 hours'))) end
                as complete_through
              from collect_source s
              where s.registration_id = a.registration_id and s.ended_at is null) c on true""";
    private static final String OF_SUBSCRIPTION =
            OF_ANSWER.formatted("select registration_id from subscription where subscription_id = $2");
    // Those that it serves or served: which of them the answer has depends on its hours.
    private static final String OF_DIRECT_TENANTS = OF_ANSWER.formatted("""
            select distinct registration_id
            from subscription_provider p join subscription using (subscription_id)
            where p.provider_subscription_id = $2""");
    // The default provider subscription stands for the operator: that it has no source says nothing of anybody's usage.
    private static final String OF_EVERYONE = OF_ANSWER.formatted("""
            select distinct registration_id from subscription
            where registration_id is not null or subscription_id <> $2""");
    private static final String OF_PAYER = OF_ANSWER.formatted("""
            select registration_id from registration where subscription_id = $2
            union
            select registration_id from customer_subscription where customer_subscription_id = $2""");
    private static final String ANY =
            "select exists (select from collect_source where registration_id is not null and ended_at is null)";

    private final Database database;

    /** Reads from the given database. */
    public CompletenessStore(Database database) {
        this.database = database;
    }

    /** All sources that are not ended, by their names. */
    public Future<List<SourceCompleteness>> sources() {
        return database.read(
                connection -> connection.preparedQuery(SOURCES).execute().map(CompletenessStore::sources));
    }

    /**
     * Tenants with subscriptions, by their ids, as this viewer sees them.
     *
     * @param only the one that is meant; null for all
     * @param after the tenant before the first; null for none
     * @param size the most there are
     */
    public Future<List<TenantCompleteness>> tenants(Viewer viewer, TenantId only, TenantId after, int size) {
        Tuple values = Tuple.of(only == null ? null : only.value(), after == null ? null : after.value(), size);
        return database.read(
                viewer,
                connection -> connection.preparedQuery(TENANTS).execute(values).map(CompletenessStore::tenants));
    }

    /** Whether anything is collected at all. */
    public Future<Boolean> isAnythingCollected() {
        return database.read(connection -> connection
                .query(ANY)
                .execute()
                .map(rows -> rows.iterator().next().getBoolean(0)));
    }

    /**
     * Through when an answer is complete: all that sources reported before then is in windows of this gateway that end at
     * {@code end} or before.
     *
     * @param scope whose usage it has; whoever asks was allowed to see that
     * @param everyone the default provider subscription
     * @return empty if it is not known: somebody's usage is posted, or all of it
     */
    public Future<Optional<Instant>> ofAnswer(UsageScope scope, Instant end, SubscriptionId everyone) {
        Asked asked = asked(scope, everyone);
        Tuple values = Tuple.of(Rows.utc(end), asked.subscription().value());
        return database.read(connection -> connection
                .preparedQuery(asked.statement())
                .execute(values)
                .map(rows -> Optional.ofNullable(Rows.instant(rows.iterator().next(), "complete_through"))));
    }

    private static Asked asked(UsageScope scope, SubscriptionId everyone) {
        if (scope instanceof UsageScope.OneSubscription one) {
            return new Asked(OF_SUBSCRIPTION, one.subscription());
        }
        if (scope instanceof UsageScope.OneServed served) {
            return new Asked(OF_SUBSCRIPTION, served.subscription());
        }
        if (scope instanceof UsageScope.DirectTenantsOf provider) {
            return new Asked(OF_DIRECT_TENANTS, provider.providerSubscription());
        }
        if (scope instanceof UsageScope.PaidBy payer) {
            return new Asked(OF_PAYER, payer.payer());
        }
        return new Asked(OF_EVERYONE, everyone);
    }

    private record Asked(String statement, SubscriptionId subscription) {}

    private static List<SourceCompleteness> sources(Iterable<Row> rows) {
        List<SourceCompleteness> sources = new ArrayList<>();
        rows.forEach(row -> sources.add(new SourceCompleteness(
                row.getString("source"),
                row.getLong("registration_id"),
                Rows.instant(row, "complete_through"),
                row.getLong("waiting"),
                Rows.instant(row, "now"))));
        return List.copyOf(sources);
    }

    private static List<TenantCompleteness> tenants(Iterable<Row> rows) {
        List<TenantCompleteness> tenants = new ArrayList<>();
        rows.forEach(row -> tenants.add(new TenantCompleteness(
                new TenantId(row.getUUID("tenant_id")),
                row.getLong("subscriptions"),
                row.getLong("collected"),
                row.getBoolean("files"),
                Rows.instant(row, "complete_through"))));
        return List.copyOf(tenants);
    }
}
