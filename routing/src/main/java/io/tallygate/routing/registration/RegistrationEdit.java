package io.tallygate.routing.registration;

import io.tallygate.routing.registration.RegistrationOutcome.Kind;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** One change of one registration in one transaction. */
final class RegistrationEdit {
    static final String FIND = """
            select * from registration
            where subscription_id = $1 and lower(resource_group) = lower($2) and lower(name) = lower($3)""";
    // Not "for update": that would make those wait who only refer to the registration, as a new subscription does.
    private static final String LOCK = FIND + " for no key update";
    private static final String INSERT = """
            insert into registration (subscription_id, resource_group, name, location, tags, billing_model, multi_tenant,
              token_hash, delivery_endpoint)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (subscription_id, lower(resource_group), lower(name)) do nothing
            returning *""";
    private static final String UPDATE = """
            update registration set location = $2, tags = $3, billing_model = $4, multi_tenant = $5,
              token_hash = coalesce($6, token_hash), delivery_endpoint = $7, revision = revision + 1,
              updated_at = clock_timestamp()
            where registration_id = $1
              and (location, tags, billing_model, multi_tenant, token_hash, delivery_endpoint)
                is distinct from ($2, $3, $4, $5, coalesce($6, token_hash), $7)
            returning *""";
    private static final String DELETE = "delete from registration where registration_id = $1";
    // What was routed to the base subscription must stay readable. What was routed to others had a mapping, which
    // stays.
    private static final String HAS_PAID =
            "select exists (select from routed_usage where payer_subscription_id = $1) as answer";
    private static final String HAS_CUSTOMERS = """
            select exists (
              select from customer_subscription
              where registration_id = $1 and superseded_at is null
                and (effective_to is null or effective_to > clock_timestamp())) as answer""";

    private final SqlConnection transaction;
    private final Tuple key;
    private final Actor actor;

    RegistrationEdit(SqlConnection transaction, Tuple key, Actor actor) {
        this.transaction = transaction;
        this.key = key;
        this.actor = actor;
    }

    Future<RegistrationOutcome> put(RegistrationContent given) {
        RegistrationContent content = given.withDefaults();
        Tuple columns = Tuple.of(
                key.getUUID(0),
                key.getString(1),
                key.getString(2),
                content.location(),
                content.tags(),
                content.billingModel().name(),
                content.multiTenant(),
                content.tokenHash(),
                content.deliveryEndpoint());
        return transaction
                .preparedQuery(INSERT)
                .execute(columns)
                .map(RegistrationEdit::first)
                .compose(created -> created == null ? replace(given) : created(created));
    }

    Future<RegistrationOutcome> patch(RegistrationContent content) {
        return lock().compose(before -> before == null
                ? Future.succeededFuture(new RegistrationOutcome(Kind.Absent, null))
                : change("registration.patch", before, content.over(before)));
    }

    Future<RegistrationDeletion> delete() {
        return lock().compose(before ->
                before == null ? Future.succeededFuture(RegistrationDeletion.Absent) : delete(before));
    }

    /** Notes that somebody was given the activation key; null if there is no such registration. */
    Future<Registration> disclose() {
        return transaction
                .preparedQuery(FIND)
                .execute(key)
                .map(RegistrationEdit::first)
                .compose(found -> found == null
                        ? Future.succeededFuture()
                        : AuditTrail.append(
                                        transaction,
                                        actor,
                                        "registration.activationKey",
                                        found.resourceId(),
                                        null,
                                        "{}")
                                .map(found));
    }

    private Future<RegistrationDeletion> delete(Registration before) {
        return transaction
                .preparedQuery(HAS_PAID)
                .execute(Tuple.of(before.subscription().value()))
                .compose(rows -> rows.iterator().next().getBoolean("answer")
                        ? Future.succeededFuture(RegistrationDeletion.InUse)
                        : transaction
                                .preparedQuery(DELETE)
                                .execute(Tuple.of(before.registrationId()))
                                .compose(done -> audit("registration.delete", before, before, null, false))
                                .map(RegistrationDeletion.Deleted));
    }

    private Future<RegistrationOutcome> created(Registration created) {
        return audit("registration.put", created, null, created, false)
                .map(new RegistrationOutcome(Kind.Created, created));
    }

    // It was there when we tried to insert; if it was deleted since, we begin again.
    private Future<RegistrationOutcome> replace(RegistrationContent given) {
        return lock().compose(
                        before -> before == null ? put(given) : change("registration.put", before, given.over(before)));
    }

    private Future<RegistrationOutcome> change(String action, Registration before, RegistrationContent content) {
        if (content.billingModel().delivers() || !before.billingModel().delivers()) {
            return update(action, before, content);
        }
        return transaction
                .preparedQuery(HAS_CUSTOMERS)
                .execute(Tuple.of(before.registrationId()))
                .compose(rows -> rows.iterator().next().getBoolean("answer")
                        ? Future.succeededFuture(new RegistrationOutcome(Kind.HasCustomerSubscriptions, before))
                        : update(action, before, content));
    }

    private Future<RegistrationOutcome> update(String action, Registration before, RegistrationContent content) {
        Tuple columns = Tuple.of(
                before.registrationId(),
                content.location(),
                content.tags(),
                content.billingModel().name(),
                content.multiTenant(),
                content.tokenHash(),
                content.deliveryEndpoint());
        return transaction
                .preparedQuery(UPDATE)
                .execute(columns)
                .map(RegistrationEdit::first)
                .compose(after -> after == null
                        ? Future.succeededFuture(new RegistrationOutcome(Kind.Unchanged, before))
                        : audit(action, before, before, after, content.registrationToken() != null)
                                .map(new RegistrationOutcome(Kind.Changed, after)));
    }

    private Future<Registration> lock() {
        return transaction.preparedQuery(LOCK).execute(key).map(RegistrationEdit::first);
    }

    private Future<Void> audit(
            String action, Registration target, Registration before, Registration after, boolean tokenGiven) {
        JsonObject detail = new JsonObject()
                .put("before", before == null ? null : before.forAudit())
                .put("after", after == null ? null : after.forAudit());
        if (tokenGiven) {
            detail.put("registrationToken", "given");
        }
        return AuditTrail.append(transaction, actor, action, target.resourceId(), null, detail.encode());
    }

    private static Registration first(RowSet<Row> rows) {
        return rows.size() == 0 ? null : Registration.of(rows.iterator().next());
    }
}
