package io.tallygate.store.directory;

import io.tallygate.store.Database;
import io.tallygate.store.Viewer;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The local subscriptions. */
public final class SubscriptionStore {
    private static final String FIND = "select * from subscription where subscription_id = $1";
    private static final String OF_TENANT = "select * from subscription where tenant_id = $1 order by subscription_id";
    private static final String ALL = "select * from subscription order by subscription_id";
    private static final String IS_PROVIDER = """
            select exists (
              select from subscription where provider_subscription_id = $1 and subscription_id <> $1) as answer""";
    // Changes nothing where the tenant or the provider differs: a subscription never changes hands, or its past would
    // change with it.
    private static final String PUT = """
            insert into subscription as s (subscription_id, tenant_id, display_name, owner, state,
              provider_subscription_id, registration_id)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (subscription_id) do update set display_name = $3, owner = $4, state = $5,
              provider_subscription_id = $6, registration_id = $7, updated_at = clock_timestamp()
            where s.tenant_id = $2 and s.provider_subscription_id = $6""";

    private final Database database;

    /** Reads and writes in the given database. */
    public SubscriptionStore(Database database) {
        this.database = database;
    }

    /** The subscription, or null. */
    public Future<Subscription> find(SubscriptionId id) {
        return database.read(connection -> find(connection, id));
    }

    /** The subscription as this viewer sees it, or null. */
    public Future<Subscription> find(Viewer viewer, SubscriptionId id) {
        return database.read(viewer, connection -> find(connection, id));
    }

    /** A tenant's subscriptions as this viewer sees them, deleted ones too. */
    public Future<List<Subscription>> ofTenant(Viewer viewer, TenantId tenant) {
        return database.read(
                viewer,
                connection -> connection
                        .preparedQuery(OF_TENANT)
                        .execute(Tuple.of(tenant.value()))
                        .map(SubscriptionStore::subscriptions));
    }

    /** All subscriptions, deleted ones too. */
    public Future<List<Subscription>> all() {
        return database.read(connection ->
                connection.preparedQuery(ALL).execute(Tuple.tuple()).map(SubscriptionStore::subscriptions));
    }

    /** Whether some other subscription is this one's direct tenant. */
    public Future<Boolean> isProvider(SubscriptionId id) {
        return database.read(connection -> connection
                .preparedQuery(IS_PROVIDER)
                .execute(Tuple.of(id.value()))
                .map(rows -> rows.iterator().next().getBoolean("answer")));
    }

    /**
     * Creates a subscription or changes it; changes nothing if it is so already.
     *
     * @return false if it belongs to another tenant or provider: nothing was changed then
     */
    public Future<Boolean> put(Subscription wanted, Actor actor) {
        return database.repeatableTransaction(transaction -> find(transaction, wanted.id())
                .compose(before -> wanted.equals(before)
                        ? Future.succeededFuture(true)
                        : write(transaction, before, wanted, actor)));
    }

    private static Future<Boolean> write(
            SqlConnection transaction, Subscription before, Subscription wanted, Actor actor) {
        Tuple columns = Tuple.of(
                wanted.id().value(),
                wanted.tenant().value(),
                wanted.displayName(),
                wanted.owner(),
                wanted.state().name(),
                wanted.providerSubscription().value(),
                wanted.registrationId());
        return transaction.preparedQuery(PUT).execute(columns).compose(result -> {
            String target = "/subscriptions/" + wanted.id();
            return result.rowCount() == 0
                    ? Future.succeededFuture(false)
                    : AuditTrail.append(transaction, actor, "subscription.put", target, null, change(before, wanted))
                            .map(true);
        });
    }

    private static String change(Subscription before, Subscription after) {
        return new JsonObject()
                .put("before", before == null ? null : json(before))
                .put("after", json(after))
                .encode();
    }

    private static JsonObject json(Subscription subscription) {
        return new JsonObject()
                .put("tenantId", subscription.tenant().toString())
                .put("displayName", subscription.displayName())
                .put("owner", subscription.owner())
                .put("state", subscription.state().name())
                .put(
                        "delegatedProviderSubscriptionId",
                        subscription.providerSubscription().toString())
                .put("registrationId", subscription.registrationId());
    }

    private static Future<Subscription> find(SqlConnection connection, SubscriptionId id) {
        return connection
                .preparedQuery(FIND)
                .execute(Tuple.of(id.value()))
                .map(rows ->
                        rows.size() == 0 ? null : subscription(rows.iterator().next()));
    }

    private static List<Subscription> subscriptions(RowSet<Row> rows) {
        List<Subscription> all = new ArrayList<>(rows.size());
        rows.forEach(row -> all.add(subscription(row)));
        return all;
    }

    private static Subscription subscription(Row row) {
        return new Subscription(
                new SubscriptionId(row.getUUID("subscription_id")),
                new TenantId(row.getUUID("tenant_id")),
                row.getString("display_name"),
                row.getString("owner"),
                Subscription.State.valueOf(row.getString("state")),
                new SubscriptionId(row.getUUID("provider_subscription_id")),
                row.getLong("registration_id"));
    }
}
