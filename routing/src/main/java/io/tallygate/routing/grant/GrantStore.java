package io.tallygate.routing.grant;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The grants. Rows are never deleted: what is revoked or over stays as the account of who could read. */
public final class GrantStore {
    private static final String NOT_GRANTABLE = """
            select asked.subscription_id
            from unnest($1::uuid[]) as asked (subscription_id)
            where not exists (
                select from customer_subscription where customer_subscription_id = asked.subscription_id)
              or exists (select from registration where subscription_id = asked.subscription_id)
            limit 1""";
    private static final String INSERT = """
            insert into usage_grant (grant_id, tenant_id, subject, customer_subscriptions, reason, created_by, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (grant_id) do nothing
            returning *""";
    private static final String FIND = "select * from usage_grant where grant_id = $1";
    private static final String LIST = """
            select * from usage_grant
            where ($1::uuid is null or tenant_id = $1) and ($2::uuid is null or grant_id > $2)
            order by grant_id limit $3""";
    private static final String REVOKE = """
            update usage_grant set revoked_at = clock_timestamp(), revoked_by = $2
            where grant_id = $1 and revoked_at is null
            returning *""";
    // What visible_payers() says of the tenant, for one payer and the subject.
    private static final String ALLOWS = """
            select exists (
              select from usage_grant
              where tenant_id = $1 and (subject is null or subject = $2) and $3 = any (customer_subscriptions)
                and revoked_at is null and (expires_at is null or expires_at > statement_timestamp()))
              and not exists (select from registration where subscription_id = $3) as answer""";

    // Grants that are over count: what a subject was granted once, it may know of.
    private static final String OF_OTHERS_ALONE = """
            select granted.payer
            from usage_grant, unnest(customer_subscriptions) as granted (payer)
            where tenant_id = $1 and granted.payer = any ($3)
            group by granted.payer
            having not bool_or(subject is null or subject = $2)""";

    private final Database database;

    /** Reads and writes in the given database. */
    public GrantStore(Database database) {
        this.database = database;
    }

    /** Whether a subject of a tenant may read what was routed to a CSP subscription. */
    public Future<Boolean> allows(TenantId tenant, String subject, SubscriptionId payer) {
        return database.read(connection -> connection
                .preparedQuery(ALLOWS)
                .execute(Tuple.of(tenant.value(), subject, payer.value()))
                .map(rows -> rows.iterator().next().getBoolean("answer")));
    }

    /** Which of these CSP subscriptions were only ever granted to other subjects of the tenant: not to it or to everyone. */
    public Future<Set<SubscriptionId>> ofOthersAlone(TenantId tenant, String subject, Set<SubscriptionId> payers) {
        Tuple parameters = Tuple.of(tenant.value(), subject, Rows.array(payers, SubscriptionId::value, UUID[]::new));
        return database.read(connection -> connection
                .preparedQuery(OF_OTHERS_ALONE)
                .execute(parameters)
                .map(rows -> {
                    Set<SubscriptionId> others = new HashSet<>();
                    rows.forEach(row -> others.add(new SubscriptionId(row.getUUID("payer"))));
                    return others;
                }));
    }

    /** Makes a grant, unless one of its subscriptions cannot be granted. */
    public Future<GrantOutcome> create(NewGrant grant, Actor actor) {
        UUID[] subscriptions = Rows.array(grant.customerSubscriptions(), SubscriptionId::value, UUID[]::new);
        return database.repeatableTransaction(transaction -> transaction
                .preparedQuery(NOT_GRANTABLE)
                .execute(Tuple.tuple().addArrayOfUUID(subscriptions))
                .compose(refused -> refused.size() == 0
                        ? insert(transaction, grant, subscriptions, actor)
                        : Future.succeededFuture(GrantOutcome.refused(
                                new SubscriptionId(refused.iterator().next().getUUID(0))))));
    }

    /** The grant, or null. */
    public Future<UsageGrant> find(UUID id) {
        return database.read(connection -> find(connection, id));
    }

    /**
     * Grants in order of their ids.
     *
     * @param tenant whose; null for everyone's
     * @param after the last one of the page before; null for the first page
     */
    public Future<List<UsageGrant>> list(TenantId tenant, UUID after, int limit) {
        Tuple parameters = Tuple.of(tenant == null ? null : tenant.value(), after, limit);
        return database.read(connection -> connection
                .preparedQuery(LIST)
                .execute(parameters)
                .map(rows -> {
                    List<UsageGrant> grants = new ArrayList<>(rows.size());
                    rows.forEach(row -> grants.add(UsageGrant.of(row)));
                    return grants;
                }));
    }

    /** Revokes a grant, for good; one that is revoked already stays as it is. Gives it, or null if there is none. */
    public Future<UsageGrant> revoke(UUID id, Actor actor) {
        return database.repeatableTransaction(transaction -> transaction
                .preparedQuery(REVOKE)
                .execute(Tuple.of(id, actor.subject()))
                .compose(rows -> audited(transaction, rows, actor, "grants.revoke", id)));
    }

    private static Future<GrantOutcome> insert(
            SqlConnection transaction, NewGrant grant, UUID[] subscriptions, Actor actor) {
        Tuple columns = Tuple.tuple()
                .addUUID(grant.id())
                .addUUID(grant.tenant().value())
                .addString(grant.subject())
                .addArrayOfUUID(subscriptions)
                .addString(grant.reason())
                .addString(actor.subject())
                .addOffsetDateTime(Rows.utc(grant.expiresAt()));
        // A repeated try finds the row of the first, which is audited already.
        return transaction
                .preparedQuery(INSERT)
                .execute(columns)
                .compose(rows -> audited(transaction, rows, actor, "grants.create", grant.id()))
                .map(GrantOutcome::made);
    }

    private static Future<UsageGrant> audited(
            SqlConnection transaction, RowSet<Row> changed, Actor actor, String action, UUID id) {
        if (changed.size() == 0) {
            return find(transaction, id);
        }
        UsageGrant grant = UsageGrant.of(changed.iterator().next());
        return AuditTrail.append(transaction, actor, action, "/grants/" + id, grant.reason(), detail(grant))
                .map(grant);
    }

    private static String detail(UsageGrant grant) {
        JsonArray subscriptions = new JsonArray();
        grant.customerSubscriptions().forEach(subscription -> subscriptions.add(subscription.toString()));
        return new JsonObject()
                .put("tenantId", grant.tenant().toString())
                .put("subject", grant.subject())
                .put("customerSubscriptions", subscriptions)
                .put(
                        "expiresAt",
                        grant.expiresAt() == null ? null : grant.expiresAt().toString())
                .encode();
    }

    private static Future<UsageGrant> find(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery(FIND)
                .execute(Tuple.of(id))
                .map(rows ->
                        rows.size() == 0 ? null : UsageGrant.of(rows.iterator().next()));
    }
}
