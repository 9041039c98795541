package io.tallygate.routing.registration;

import io.tallygate.store.Database;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The registrations. Resource groups and names are looked up without case. */
public final class RegistrationStore {
    private static final String FIND = RegistrationEdit.FIND;
    private static final String FIND_BY_ID = "select * from registration where registration_id = $1";
    private static final String OF_GROUP = """
            select * from registration where subscription_id = $1 and lower(resource_group) = lower($2)
            order by lower(name)""";
    private static final String OF_SUBSCRIPTION = """
            select * from registration where subscription_id = $1 order by lower(resource_group), lower(name)""";
    private static final String ALL = "select * from registration order by registration_id";
    private static final String BY_REFERENCE = """
            select * from registration
            where lower(name) = lower($1) or lower($1) = lower('/subscriptions/' || subscription_id || '/resourceGroups/'
              || resource_group || '/providers/Microsoft.AzureStack/registrations/' || name)
            order by registration_id""";
    private static final String IS_CSP_SUBSCRIPTION = """
            select exists (select from registration where subscription_id = $1)
              or exists (select from customer_subscription where customer_subscription_id = $1) as answer""";
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private final Database database;

    /** Reads and writes in the given database. */
    public RegistrationStore(Database database) {
        this.database = database;
    }

    /** The registration, or null. */
    public Future<Registration> find(SubscriptionId subscription, String resourceGroup, String name) {
        return list(FIND, Tuple.of(subscription.value(), resourceGroup, name)).map(RegistrationStore::first);
    }

    /** The registration, or null. */
    public Future<Registration> findById(long registrationId) {
        return list(FIND_BY_ID, Tuple.of(registrationId)).map(RegistrationStore::first);
    }

    /** Those of a resource group, by name. */
    public Future<List<Registration>> listByGroup(SubscriptionId subscription, String resourceGroup) {
        return list(OF_GROUP, Tuple.of(subscription.value(), resourceGroup));
    }

    /** Those of a base subscription, by resource group and name. */
    public Future<List<Registration>> listBySubscription(SubscriptionId subscription) {
        return list(OF_SUBSCRIPTION, Tuple.of(subscription.value()));
    }

    /** All registrations, the oldest first. */
    public Future<List<Registration>> all() {
        return list(ALL, Tuple.tuple());
    }

    /**
     * Those that a reference means, which is a full resource id or a bare name, in any case: none if there is none, and
     * several if a bare name is ambiguous.
     */
    public Future<List<Registration>> findByReference(String reference) {
        return list(BY_REFERENCE, Tuple.of(reference));
    }

    /** Whether it is the base subscription of a registration, or has ever been a customer subscription of one. */
    public Future<Boolean> isCspSubscription(SubscriptionId subscription) {
        return database.read(connection -> connection
                .preparedQuery(IS_CSP_SUBSCRIPTION)
                .execute(Tuple.of(subscription.value()))
                .map(rows -> rows.iterator().next().getBoolean("answer")));
    }

    /** The same for somebody who is to be given its activation key, a secret: that is noted. */
    public Future<Registration> disclose(SubscriptionId subscription, String resourceGroup, String name, Actor actor) {
        Tuple key = Tuple.of(subscription.value(), resourceGroup, name);
        return database.repeatableTransaction(transaction -> new RegistrationEdit(transaction, key, actor).disclose());
    }

    /** Creates the registration, or replaces what it says; changes nothing if it says so already. */
    public Future<RegistrationOutcome> put(
            SubscriptionId subscription, String resourceGroup, String name, RegistrationContent content, Actor actor) {
        Tuple key = Tuple.of(subscription.value(), resourceGroup, name);
        return database.repeatableTransaction(
                transaction -> new RegistrationEdit(transaction, key, actor).put(content));
    }

    /** Changes what is given; changes nothing if it says so already. */
    public Future<RegistrationOutcome> patch(
            SubscriptionId subscription, String resourceGroup, String name, RegistrationContent content, Actor actor) {
        Tuple key = Tuple.of(subscription.value(), resourceGroup, name);
        return database.repeatableTransaction(
                transaction -> new RegistrationEdit(transaction, key, actor).patch(content));
    }

    /** Deletes the registration, if nothing was ever billed by it. */
    public Future<RegistrationDeletion> delete(
            SubscriptionId subscription, String resourceGroup, String name, Actor actor) {
        Tuple key = Tuple.of(subscription.value(), resourceGroup, name);
        return database.repeatableTransaction(transaction -> new RegistrationEdit(transaction, key, actor).delete())
                // The foreign keys decide: what refers to it may have come at the same moment.
                .recover(failure -> failure instanceof PgException pg && FOREIGN_KEY_VIOLATION.equals(pg.getSqlState())
                        ? Future.succeededFuture(RegistrationDeletion.InUse)
                        : Future.failedFuture(failure));
    }

    private Future<List<Registration>> list(String sql, Tuple parameters) {
        return database.read(
                connection -> connection.preparedQuery(sql).execute(parameters).map(RegistrationStore::registrations));
    }

    private static List<Registration> registrations(RowSet<Row> rows) {
        List<Registration> all = new ArrayList<>(rows.size());
        rows.forEach(row -> all.add(Registration.of(row)));
        return all;
    }

    private static Registration first(List<Registration> registrations) {
        return registrations.isEmpty() ? null : registrations.get(0);
    }
}
