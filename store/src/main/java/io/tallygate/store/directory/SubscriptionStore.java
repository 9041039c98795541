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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The local subscriptions. */
public final class SubscriptionStore {
    // A viewer does not see which other provider may serve it now: then the first one stands for it.
    private static final String SELECT = """
            select s.*, coalesce(p.provider_subscription_id, s.provider_subscription_id) as provider_in_force
            from subscription s
            left join subscription_provider p on p.subscription_id = s.subscription_id
              and p.effective_from <= clock_timestamp() and p.effective_to > clock_timestamp()
            """;
    private static final String FIND = SELECT + "where s.subscription_id = $1";
    private static final String OF_TENANT = SELECT + "where s.tenant_id = $1 order by s.subscription_id";
    private static final String ALL = SELECT + "order by s.subscription_id";
    private static final String PROVIDERS_OF = SELECT + """
            where s.subscription_id in (
              select provider_subscription_id from subscription_provider
              where subscription_id = $1 and effective_from <= clock_timestamp())
            order by s.subscription_id""";
    // Changes nothing where the tenant differs: a subscription never changes hands, or its past would change with it.
    // Nor
    // where it was inserted meanwhile, with another provider.
    private static final String PUT = """
            insert into subscription as s (subscription_id, tenant_id, display_name, owner, state,
              provider_subscription_id, registration_id)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (subscription_id) do update set display_name = $3, owner = $4, state = $5, registration_id = $7,
              updated_at = clock_timestamp()
            where s.tenant_id = $2 and ($8 or s.provider_subscription_id = $6)""";

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

    /** The provider subscriptions whose direct tenant it is or was; none if it is not known. */
    public Future<List<Subscription>> providersOf(SubscriptionId id) {
        return database.read(connection -> connection
                .preparedQuery(PROVIDERS_OF)
                .execute(Tuple.of(id.value()))
                .map(SubscriptionStore::subscriptions));
    }

    /** As {@link #put(Subscription, Instant, Actor)}: if it moves to another provider, as soon as it may. */
    public Future<SubscriptionOutcome> put(Subscription wanted, Actor actor) {
        return put(wanted, null, actor);
    }

    /**
     * Creates a subscription or changes it; changes nothing if it is so already. One that is there moves to another provider
     * with a UTC midnight that is to come; whatever else is scheduled is taken back then. To move to the provider that it has
     * anyway is to take back what is scheduled.
     *
     * @param from the midnight with which it moves; null for the first one possible, if the provider is another than now
     */
    public Future<SubscriptionOutcome> put(Subscription wanted, Instant from, Actor actor) {
        return database.repeatableTransaction(transaction -> find(transaction, wanted.id())
                .compose(before -> put(transaction, new Change(before, wanted, actor), from)));
    }

    /** What is to be; {@code before} is null if it is not there. */
    private record Change(Subscription before, Subscription wanted, Actor actor) {
        boolean isOthers() {
            return before != null && !before.tenant().equals(wanted.tenant());
        }

        boolean moves() {
            return before != null && !before.providerSubscription().equals(wanted.providerSubscription());
        }

        boolean isOnlyMove() {
            return wanted.equals(before.under(wanted.providerSubscription()));
        }
    }

    private static Future<SubscriptionOutcome> put(SqlConnection transaction, Change change, Instant from) {
        if (change.isOthers()) {
            return Future.succeededFuture(SubscriptionOutcome.of(SubscriptionOutcome.Kind.BelongsToAnother));
        }
        if (change.moves() || (change.before() != null && from != null)) {
            return ProviderMove.plan(transaction, change.wanted(), from)
                    .compose(move -> move.check(transaction)
                            .compose(outcome -> !outcome.isDone() || (change.isOnlyMove() && !move.changes())
                                    ? Future.succeededFuture(outcome)
                                    : write(transaction, change, move)));
        }
        return change.wanted().equals(change.before())
                ? Future.succeededFuture(SubscriptionOutcome.of(SubscriptionOutcome.Kind.Done))
                : write(transaction, change, null);
    }

    // The audit is last: nothing may come after it.
    private static Future<SubscriptionOutcome> write(SqlConnection transaction, Change change, ProviderMove move) {
        Subscription wanted = change.wanted();
        Tuple columns = Tuple.of(
                wanted.id().value(),
                wanted.tenant().value(),
                wanted.displayName(),
                wanted.owner(),
                wanted.state().name(),
                wanted.providerSubscription().value(),
                wanted.registrationId(),
                change.before() != null);
        boolean moves = move != null && move.changes();
        return transaction.preparedQuery(PUT).execute(columns).compose(result -> {
            if (result.rowCount() == 0) {
                return Future.succeededFuture(SubscriptionOutcome.of(SubscriptionOutcome.Kind.BelongsToAnother));
            }
            Future<Void> moved = moves ? move.apply(transaction, change.actor()) : Future.succeededFuture();
            return moved.compose(done -> AuditTrail.append(
                            transaction,
                            change.actor(),
                            "subscription.put",
                            "/subscriptions/" + wanted.id(),
                            null,
                            detail(change, moves ? move : null)))
                    .map(SubscriptionOutcome.of(SubscriptionOutcome.Kind.Done));
        });
    }

    // A provider that is to come is not in force: it is told apart.
    private static String detail(Change change, ProviderMove move) {
        Subscription before = change.before();
        Subscription after = before == null ? change.wanted() : change.wanted().under(before.providerSubscription());
        JsonObject detail = new JsonObject()
                .put("before", before == null ? null : json(before))
                .put("after", json(after));
        return (move == null ? detail : detail.put("scheduled", move.json())).encode();
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
                new SubscriptionId(row.getUUID("provider_in_force")),
                row.getLong("registration_id"));
    }
}
