package io.tallygate.store.usage;

import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Finds the ids of instances, and adds those that are new. */
final class InstanceIds {
    private static final String FIND = """
            select asked.position, i.instance_id
            from unnest($1::uuid[], $2::bytea[]) with ordinality as asked (subscription_id, digest, position)
            join instance i using (subscription_id, digest)""";
    private static final String ADD = """
            insert into instance (subscription_id, digest, resource_uri, location, tags, additional_info, instance_data)
            select * from unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
              as new (subscription_id, digest, resource_uri, location, tags, additional_info, instance_data)
            order by subscription_id, digest
            on conflict do nothing
            returning subscription_id, digest, instance_id""";

    private final SqlConnection transaction;
    private final Map<Key, ResourceInstance> missing = new LinkedHashMap<>();
    private final Map<Key, Long> found = new HashMap<>();

    private record Key(UUID subscription, Buffer digest) {}

    InstanceIds(SqlConnection transaction) {
        this.transaction = transaction;
    }

    /** The id of each; the same one for equal ones. */
    Future<Long[]> of(List<ResourceInstance> instances) {
        List<Key> keys = instances.stream()
                .map(instance -> new Key(instance.subscription().value(), instance.digest()))
                .toList();
        for (int i = 0; i < keys.size(); i++) {
            missing.putIfAbsent(keys.get(i), instances.get(i));
        }
        // Another transaction may add the same ones: the insert waits for it and leaves them out, and then they are
        // found.
        return find().compose(some -> missing.isEmpty() ? Future.succeededFuture() : add())
                .compose(more -> missing.isEmpty() ? Future.succeededFuture() : find())
                // One that were still missing would be null here, which no column takes.
                .map(all -> Rows.array(keys, found::get, Long[]::new));
    }

    private Future<Void> find() {
        List<Key> asked = List.copyOf(missing.keySet());
        return transaction.preparedQuery(FIND).execute(keysOfMissing()).map(rows -> {
            rows.forEach(row -> take(asked.get((int) (row.getLong(0) - 1)), row.getLong(1)));
            return null;
        });
    }

    private Future<Void> add() {
        Tuple columns = keysOfMissing()
                .addArrayOfString(Rows.array(missing.values(), ResourceInstance::resourceUri, String[]::new))
                .addArrayOfString(Rows.array(missing.values(), ResourceInstance::location, String[]::new))
                .addArrayOfString(Rows.array(missing.values(), ResourceInstance::tags, String[]::new))
                .addArrayOfString(Rows.array(missing.values(), ResourceInstance::additionalInfo, String[]::new))
                .addArrayOfString(Rows.array(missing.values(), ResourceInstance::instanceData, String[]::new));
        return transaction.preparedQuery(ADD).execute(columns).map(rows -> {
            rows.forEach(row -> take(new Key(row.getUUID(0), row.getBuffer(1)), row.getLong(2)));
            return null;
        });
    }

    private Tuple keysOfMissing() {
        return Tuple.tuple()
                .addArrayOfUUID(Rows.array(missing.keySet(), Key::subscription, UUID[]::new))
                .addArrayOfBuffer(Rows.array(missing.keySet(), Key::digest, Buffer[]::new));
    }

    private void take(Key key, Long id) {
        found.put(key, id);
        missing.remove(key);
    }
}
