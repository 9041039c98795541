package io.tallygate.routing.registration;

import io.tallygate.routing.registration.CustomerSubscriptionOutcome.Kind;
import io.tallygate.store.Database;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The mappings: which customer subscription pays for which tenant of a registration, and when. They are append-only: a
 * change supersedes what stood and records what holds instead. "Now" is the database clock's.
 */
public final class CustomerSubscriptionStore {
    private static final String STANDING = """
            from customer_subscription
            where registration_id = $1 and superseded_at is null
              and (effective_to is null or effective_to > clock_timestamp())""";
    private static final String FIND =
            "select * " + STANDING + " and customer_subscription_id = $2 order by effective_from limit 1";
    private static final String LIST = "select distinct on (customer_subscription_id) * " + STANDING
            + " order by customer_subscription_id, effective_from";
    private static final String HISTORY = """
            select * from customer_subscription
            where registration_id = $1 and ($2::uuid is null or customer_subscription_id = $2) order by mapping_id""";
    private static final String EXCLUSION_VIOLATION = "23P01";

    private final Database database;

    /** Reads and writes in the given database. */
    public CustomerSubscriptionStore(Database database) {
        this.database = database;
    }

    /**
     * Lets a customer subscription pay for a tenant, which need not be known yet, from an hour on; supersedes everything
     * of that tenant from there on. Changes nothing if it pays from then on already.
     *
     * @param effectiveFrom a whole UTC hour, past ones too; null for the current hour
     */
    public Future<CustomerSubscriptionOutcome> put(
            Registration registration,
            SubscriptionId customerSubscription,
            TenantId tenant,
            Instant effectiveFrom,
            Actor actor) {
        return database.repeatableTransaction(transaction -> new MappingEdit(
                                transaction, registration.registrationId(), customerSubscription, actor)
                        .put(tenant, effectiveFrom))
                .recover(failure -> paysForAnother(failure)
                        ? Future.succeededFuture(CustomerSubscriptionOutcome.refused(Kind.PaysForAnotherTenant))
                        : Future.failedFuture(failure));
    }

    /**
     * Ends it from an hour on; what is scheduled for later goes.
     *
     * @param effectiveTo the first usage hour that it does not pay for: a whole UTC hour, past ones too; null for the
     *     current hour
     * @return false if nothing paid from then on, or was to
     */
    public Future<Boolean> end(
            Registration registration, SubscriptionId customerSubscription, Instant effectiveTo, Actor actor) {
        return database.repeatableTransaction(
                transaction -> new MappingEdit(transaction, registration.registrationId(), customerSubscription, actor)
                        .end(effectiveTo));
    }

    /** Does what {@link #put} would do, without a word of it in the audit, for a transaction that is rolled back. */
    public static Future<MappingTrial> tryPut(
            SqlConnection transaction,
            Registration registration,
            SubscriptionId customerSubscription,
            TenantId tenant,
            Instant effectiveFrom) {
        return new MappingEdit(transaction, registration.registrationId(), customerSubscription, null)
                .tryPut(tenant, effectiveFrom)
                .recover(failure -> paysForAnother(failure)
                        ? Future.succeededFuture(MappingTrial.refused(Kind.PaysForAnotherTenant))
                        : Future.failedFuture(failure));
    }

    /** The same for {@link #end}. */
    public static Future<MappingTrial> tryEnd(
            SqlConnection transaction,
            Registration registration,
            SubscriptionId customerSubscription,
            Instant effectiveTo) {
        return new MappingEdit(transaction, registration.registrationId(), customerSubscription, null)
                .tryEnd(effectiveTo);
    }

    private static boolean paysForAnother(Throwable failure) {
        return failure instanceof PgException pg && EXCLUSION_VIOLATION.equals(pg.getSqlState());
    }

    /** The mapping in force, else the next one scheduled, else null. */
    public Future<CustomerSubscription> find(Registration registration, SubscriptionId customerSubscription) {
        return select(FIND, Tuple.of(registration.registrationId(), customerSubscription.value()))
                .map(found -> found.isEmpty() ? null : found.get(0));
    }

    /** Of each customer subscription the mapping in force, else the next one scheduled. */
    public Future<List<CustomerSubscription>> list(Registration registration) {
        return select(LIST, Tuple.of(registration.registrationId()));
    }

    /** All that was ever recorded in a registration, in that order. */
    public Future<List<CustomerSubscription>> history(Registration registration) {
        return select(HISTORY, Tuple.of(registration.registrationId()).addUUID(null));
    }

    /** All that was ever recorded of a customer subscription in a registration, in that order. */
    public Future<List<CustomerSubscription>> history(Registration registration, SubscriptionId customerSubscription) {
        return select(HISTORY, Tuple.of(registration.registrationId(), customerSubscription.value()));
    }

    private Future<List<CustomerSubscription>> select(String sql, Tuple parameters) {
        return database.read(connection -> connection
                .preparedQuery(sql)
                .execute(parameters)
                .map(rows -> {
                    List<CustomerSubscription> all = new ArrayList<>(rows.size());
                    rows.forEach(row -> all.add(CustomerSubscription.of(row)));
                    return all;
                }));
    }
}
