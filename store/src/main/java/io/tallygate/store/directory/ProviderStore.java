package io.tallygate.store.directory;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who is whose direct tenant, and when. To move one is part of putting it: {@link SubscriptionStore#put}. */
public final class ProviderStore {
    private static final String IS_PROVIDER = """
            select exists (
              select from subscription_provider
              where provider_subscription_id = $1 and subscription_id <> $1 and effective_from <= clock_timestamp()) as answer""";
    private static final String SERVED = """
            select nullif(effective_from, '-infinity') as effective_from, nullif(effective_to, 'infinity') as effective_to
            from subscription_provider
            where subscription_id = $1 and provider_subscription_id = $2 and effective_from <= clock_timestamp()
            order by subscription_provider.effective_from""";
    private static final String SCHEDULED = """
            select subscription_id, provider_subscription_id, effective_from, recorded_by
            from subscription_provider
            where not whole and effective_from > clock_timestamp()
            order by effective_from""";

    private final Database database;

    /** Reads in the given database. */
    public ProviderStore(Database database) {
        this.database = database;
    }

    /** Whether some other subscription is this one's direct tenant, or was. */
    public Future<Boolean> isProvider(SubscriptionId id) {
        return database.read(connection -> connection
                .preparedQuery(IS_PROVIDER)
                .execute(Tuple.of(id.value()))
                .map(rows -> rows.iterator().next().getBoolean("answer")));
    }

    /** When the subscription is or was that provider's direct tenant; none of what is scheduled. In the order of time. */
    public Future<List<ProviderPeriod>> served(SubscriptionId provider, SubscriptionId subscription) {
        return database.read(connection -> connection
                .preparedQuery(SERVED)
                .execute(Tuple.of(subscription.value(), provider.value()))
                .map(rows -> {
                    List<ProviderPeriod> periods = new ArrayList<>(rows.size());
                    rows.forEach(row -> periods.add(new ProviderPeriod(
                            Rows.instant(row, "effective_from"), Rows.instant(row, "effective_to"))));
                    return periods;
                }));
    }

    /** Which subscriptions move, and where they end up. */
    public Future<Map<SubscriptionId, ScheduledProvider>> scheduled() {
        return database.read(connection -> connection
                .preparedQuery(SCHEDULED)
                .execute(Tuple.tuple())
                .map(rows -> {
                    Map<SubscriptionId, ScheduledProvider> scheduled = new HashMap<>();
                    rows.forEach(
                            row -> scheduled.put(new SubscriptionId(row.getUUID("subscription_id")), scheduled(row)));
                    return scheduled;
                }));
    }

    private static ScheduledProvider scheduled(Row row) {
        return new ScheduledProvider(
                new SubscriptionId(row.getUUID("provider_subscription_id")),
                Rows.instant(row, "effective_from"),
                row.getString("recorded_by"));
    }
}
