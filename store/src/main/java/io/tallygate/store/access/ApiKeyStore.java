package io.tallygate.store.access;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.Viewer;
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
import java.util.List;
import java.util.UUID;

/** The API keys. Rows are never deleted: a key that is revoked or over stays as the account of who could read. */
public final class ApiKeyStore {
    private static final String LOCK_TENANT =
            "select pg_advisory_xact_lock(hashtextextended('tallygate keys of ' || $1::uuid::text, 0))";
    // Not itself: a repeated try may find that the first was committed.
    private static final String COUNT = """
            select count(*) filter (where revoked_at is null and expires_at > clock_timestamp()) as active,
              count(*) filter (where created_at > clock_timestamp() - interval '1 day') as today
            from api_key
            where tenant_id = $1 and key_id <> $2""";
    private static final String INSERT = """
            insert into api_key (key_id, key_hash, made_under, tenant_id, display_name, subscriptions, roles,
              created_by, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (key_id) do nothing
            returning\s""" + ApiKey.COLUMNS;
    private static final String BY_ID = "select " + ApiKey.COLUMNS + " from api_key where key_id = $1";
    private static final String WITH_HASH = "select key_hash, " + ApiKey.COLUMNS + " from api_key where key_id = $1";
    private static final String OF_TENANT = "select " + ApiKey.COLUMNS + """
             from api_key
            where tenant_id = $1 and roles <@ $2 and ($3::uuid is null or key_id > $3) order by key_id limit $4""";
    private static final String ALL = "select " + ApiKey.COLUMNS + """
             from api_key
            where $1::uuid is null or key_id > $1 order by key_id limit $2""";
    private static final String REVOKE = """
            update api_key set revoked_at = clock_timestamp(), revoked_by = $2
            where key_id = $1 and revoked_at is null
            returning\s""" + ApiKey.COLUMNS;
    // Where several gateways see the key in the same minute, one of them writes.
    private static final String USED = """
            update api_key set last_used_at = clock_timestamp()
            where key_id = $1 and (last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute')""";

    private final Database database;

    /** Reads and writes in the given database. */
    public ApiKeyStore(Database database) {
        this.database = database;
    }

    /** Stores a key that {@code maker} made, unless its tenant has as many as it may: others wait meanwhile. */
    public Future<KeyOutcome> create(NewApiKey key, Actor maker) {
        return database.repeatableTransaction(transaction -> transaction
                .preparedQuery(LOCK_TENANT)
                .execute(Tuple.of(key.tenant().value()))
                .compose(locked -> transaction
                        .preparedQuery(COUNT)
                        .execute(Tuple.of(key.tenant().value(), key.id())))
                .map(rows -> KeyLimit.reached(rows.iterator().next()))
                .compose(reached -> reached.isPresent()
                        ? Future.succeededFuture(KeyOutcome.refused(reached.get()))
                        : insert(transaction, key, maker)));
    }

    // A repeated try finds the row of the first, which is audited already.
    private static Future<KeyOutcome> insert(SqlConnection transaction, NewApiKey key, Actor maker) {
        Tuple columns = Tuple.tuple()
                .addUUID(key.id())
                .addBuffer(key.keyHash())
                .addBuffer(key.madeUnder())
                .addUUID(key.tenant().value())
                .addString(key.displayName())
                .addArrayOfUUID(Rows.array(key.subscriptions(), SubscriptionId::value, UUID[]::new))
                .addArrayOfString(key.roles().toArray(String[]::new))
                .addString(maker.subject())
                .addOffsetDateTime(Rows.utc(key.expiresAt()));
        return transaction
                .preparedQuery(INSERT)
                .execute(columns)
                .compose(rows -> audited(transaction, rows, maker, "apiKeys.create", key.id()))
                .map(KeyOutcome::made);
    }

    /** The key as this viewer sees it, or null. */
    public Future<ApiKey> find(Viewer viewer, UUID id) {
        return database.read(viewer, connection -> find(connection, id));
    }

    /** The key with the hash of its text, or null. */
    public Future<StoredApiKey> findWithHash(UUID id) {
        return database.read(connection -> connection
                .preparedQuery(WITH_HASH)
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0 ? null : stored(rows.iterator().next())));
    }

    /**
     * A tenant's keys that have none but these roles, as this viewer sees them, in order of their ids.
     *
     * @param after the last one of the page before; null for the first page
     */
    public Future<List<ApiKey>> ofTenant(Viewer viewer, TenantId tenant, List<String> roles, UUID after, int limit) {
        Tuple parameters = Tuple.of(tenant.value(), roles.toArray(String[]::new), after, limit);
        return list(viewer, OF_TENANT, parameters);
    }

    /** Everyone's keys as this viewer sees them, in order of their ids, after one or (null) from the first on. */
    public Future<List<ApiKey>> all(Viewer viewer, UUID after, int limit) {
        return list(viewer, ALL, Tuple.of(after, limit));
    }

    /** Revokes a key, for good; one that is revoked already stays as it is. Gives the key, or null if there is none. */
    public Future<ApiKey> revoke(UUID id, Actor actor) {
        return database.repeatableTransaction(transaction -> transaction
                .preparedQuery(REVOKE)
                .execute(Tuple.of(id, actor.subject()))
                .compose(rows -> audited(transaction, rows, actor, "apiKeys.revoke", id)));
    }

    /** Notes that a key was used, unless that was noted less than a minute ago. */
    public Future<Void> used(UUID id) {
        return database.repeatableTransaction(transaction ->
                transaction.preparedQuery(USED).execute(Tuple.of(id)).mapEmpty());
    }

    private static Future<ApiKey> audited(
            SqlConnection transaction, RowSet<Row> changed, Actor actor, String action, UUID id) {
        if (changed.size() == 0) {
            return find(transaction, id);
        }
        ApiKey key = ApiKey.of(changed.iterator().next());
        return AuditTrail.append(transaction, actor, action, "/apiKeys/" + key.id(), null, detail(key))
                .map(key);
    }

    private static String detail(ApiKey key) {
        JsonArray subscriptions = new JsonArray();
        key.subscriptions().forEach(subscription -> subscriptions.add(subscription.toString()));
        return new JsonObject()
                .put("displayName", key.displayName())
                .put("tenantId", key.tenant().toString())
                .put("subscriptions", subscriptions)
                .put("roles", new JsonArray(key.roles()))
                .put("expiresAt", key.expiresAt().toString())
                .encode();
    }

    private static Future<ApiKey> find(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery(BY_ID)
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0 ? null : ApiKey.of(rows.iterator().next()));
    }

    private Future<List<ApiKey>> list(Viewer viewer, String sql, Tuple parameters) {
        return database.read(
                viewer,
                connection -> connection.preparedQuery(sql).execute(parameters).map(rows -> {
                    List<ApiKey> keys = new ArrayList<>(rows.size());
                    rows.forEach(row -> keys.add(ApiKey.of(row)));
                    return keys;
                }));
    }

    private static StoredApiKey stored(Row row) {
        return new StoredApiKey(ApiKey.of(row), row.getBuffer("key_hash"));
    }
}
