package io.tallygate.store.aggregate;

import io.tallygate.store.Reads;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What usage rows refer to by number: meters and instances. Neither ever changes once it is committed, so they are kept
 * in memory and rows are read without joins: an instance is some 800 bytes, and each hour has a row of it.
 */
public final class Dimensions {
    private static final int SHARE_OF_HEAP = 4;
    private static final String METERS = "select meter_key, meter_id, name, unit from meter";
    // Each by its key, and the subscriptions all at once: left to choose, the planner reads a whole table for a
    // thousand instances, or another for each of them.
    private static final String INSTANCES = """
            with found as materialized (
              select i.subscription_id, i.instance_id, i.digest, i.instance_data
              from unnest($1::uuid[], $2::bigint[]) as asked (subscription_id, instance_id)
              cross join lateral (
                select * from instance
                where subscription_id = asked.subscription_id and instance_id = asked.instance_id
                limit 1) as i)
            select subscription_id, instance_id, digest, convert_to(instance_data, 'UTF8'), tenant_id
            from found join subscription using (subscription_id)""";

    private final Map<Integer, MeterLabel> meters = new ConcurrentHashMap<>();
    private final InstanceCache instances;

    private record InstanceKey(UUID subscription, Long instance) {}

    /** Meters and instances of some rows, in the order of the rows. */
    record Of(List<MeterLabel> meters, List<Instance> instances) {}

    /** Keeps instances in a quarter of the heap. */
    public Dimensions() {
        this(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    Dimensions(long bytes) {
        instances = new InstanceCache(bytes);
    }

    /**
     * The meters and instances of rows that begin with {@link AggregateRows#COLUMNS}. What is not in memory is read, as
     * the application and on a connection of its own: rows that a viewer was given are what it may see of them.
     */
    Future<Of> of(Reads from, RowSet<Row> rows) {
        Instance[] found = new Instance[rows.size()];
        MeterLabel[] labels = new MeterLabel[rows.size()];
        Map<InstanceKey, List<Integer>> missing = new HashMap<>();
        boolean metersMissing = false;
        InstanceCache.Reader kept = instances.reader();
        MeterReader label = new MeterReader();
        int place = 0;
        for (Row row : rows) {
            Long id = row.getLong(AggregateRows.INSTANCE);
            UUID subscription = row.getUUID(AggregateRows.SUBSCRIPTION);
            // An id is unique by itself; but a row must never show what is not its subscription's.
            Instance known = kept.find(id);
            if (known != null && known.subscription().value().equals(subscription)) {
                found[place] = known;
            } else {
                missing.computeIfAbsent(new InstanceKey(subscription, id), first -> new ArrayList<>())
                        .add(place);
            }
            labels[place] = label.find(row.getInteger(AggregateRows.METER));
            metersMissing |= labels[place] == null;
            place++;
        }
        return (metersMissing ? readMeters(from, rows, labels) : Future.<Void>succeededFuture())
                .compose(read -> readInstances(from, missing, found))
                .map(read -> new Of(Arrays.asList(labels), Arrays.asList(found)));
    }

    // Rows of a meter mostly follow each other.
    private final class MeterReader {
        private Integer key;
        private MeterLabel label;

        MeterLabel find(Integer asked) {
            if (!asked.equals(key)) {
                key = asked;
                label = meters.get(asked);
            }
            return label;
        }
    }

    private Future<Void> readMeters(Reads from, RowSet<Row> rows, MeterLabel[] labels) {
        return from.read(connection -> connection.preparedQuery(METERS).execute())
                .map(found -> {
                    found.forEach(row -> meters.putIfAbsent(
                            row.getInteger(0), new MeterLabel(row.getString(1), row.getString(2), row.getString(3))));
                    int place = 0;
                    for (Row row : rows) {
                        labels[place++] = Objects.requireNonNull(
                                meters.get(row.getInteger(AggregateRows.METER)),
                                "The meter of an aggregate is not there");
                    }
                    return null;
                });
    }

    private Future<Void> readInstances(Reads from, Map<InstanceKey, List<Integer>> missing, Instance[] found) {
        if (missing.isEmpty()) {
            return Future.succeededFuture();
        }
        List<InstanceKey> keys = List.copyOf(missing.keySet());
        Tuple asked = Tuple.tuple()
                .addArrayOfUUID(keys.stream().map(InstanceKey::subscription).toArray(UUID[]::new))
                .addArrayOfLong(keys.stream().map(InstanceKey::instance).toArray(Long[]::new));
        return from.read(connection -> connection.preparedQuery(INSTANCES).execute(asked))
                .map(rows -> {
                    Map<UUID, SubscriptionId> subscriptions = new HashMap<>();
                    Map<Long, Instance> read = new HashMap<>();
                    for (Row row : rows) {
                        InstanceKey key = new InstanceKey(row.getUUID(0), row.getLong(1));
                        Instance instance = new Instance(
                                subscriptions.computeIfAbsent(key.subscription(), SubscriptionId::new),
                                new TenantId(row.getUUID(4)),
                                row.getBuffer(2).getBytes(),
                                row.getBuffer(3).getBytes());
                        read.put(key.instance(), instance);
                        missing.remove(key).forEach(place -> found[place] = instance);
                    }
                    instances.keep(read);
                    if (!missing.isEmpty()) {
                        throw new IllegalStateException(missing.size() + " instances of aggregates are not there");
                    }
                    return null;
                });
    }
}
