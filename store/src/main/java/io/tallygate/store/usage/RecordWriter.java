package io.tallygate.store.usage;

import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes records whose identity the transaction has claimed, and the instances that are new with them. */
final class RecordWriter {
    private static final String MISSING_INSTANCES = """
            select asked.position
            from unnest($1::uuid[], $2::bytea[]) with ordinality as asked (subscription_id, digest, position)
            where not exists (
              select from instance i where i.subscription_id = asked.subscription_id and i.digest = asked.digest)""";
    private static final String NEW_INSTANCES = """
            insert into instance (subscription_id, digest, resource_uri, location, tags, additional_info, instance_data)
            select * from unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
              as new (subscription_id, digest, resource_uri, location, tags, additional_info, instance_data)
            order by subscription_id, digest
            on conflict do nothing""";
    private static final String RECORDS = """
            insert into usage_record (reported_hour, subscription_id, meter_key, instance_id, usage_hour, usage_start,
              usage_end, quantity, reported_at, source, record_id)
            select new.reported_hour, new.subscription_id, m.meter_key, i.instance_id,
              date_trunc('hour', new.usage_start, 'UTC'), new.usage_start, new.usage_end, new.quantity::numeric,
              clock_timestamp(), new.source, new.record_id
            from unnest($1::timestamptz[], $2::uuid[], $3::text[], $4::bytea[], $5::timestamptz[], $6::timestamptz[],
                $7::text[], $8::text[], $9::text[])
              as new (reported_hour, subscription_id, meter, digest, usage_start, usage_end, quantity, source, record_id)
            join meter m on lower(m.meter_id collate "C") = new.meter
            join instance i on i.subscription_id = new.subscription_id and i.digest = new.digest""";

    private final SqlConnection transaction;

    private record InstanceKey(UUID subscription, Buffer digest) {}

    RecordWriter(SqlConnection transaction) {
        this.transaction = transaction;
    }

    /** Writes each record into the window given beside it; subscription and meter are known. */
    Future<Void> write(List<UsageRecord> records, OffsetDateTime[] reportedHours) {
        if (records.isEmpty()) {
            return Future.succeededFuture();
        }
        Buffer[] digests = Rows.array(records, record -> record.instance().digest(), Buffer[]::new);
        Map<InstanceKey, ResourceInstance> instances = new LinkedHashMap<>();
        for (int i = 0; i < digests.length; i++) {
            ResourceInstance instance = records.get(i).instance();
            instances.putIfAbsent(new InstanceKey(instance.subscription().value(), digests[i]), instance);
        }
        return writeInstances(instances).compose(done -> writeRecords(records, digests, reportedHours));
    }

    private Future<Void> writeInstances(Map<InstanceKey, ResourceInstance> instances) {
        List<InstanceKey> keys = List.copyOf(instances.keySet());
        return transaction
                .preparedQuery(MISSING_INSTANCES)
                .execute(keysOf(keys))
                .map(rows -> {
                    List<InstanceKey> missing = new ArrayList<>();
                    rows.forEach(row -> missing.add(keys.get((int) (row.getLong(0) - 1))));
                    return missing;
                })
                .compose(missing -> insertInstances(missing, instances));
    }

    private Future<Void> insertInstances(List<InstanceKey> missing, Map<InstanceKey, ResourceInstance> instances) {
        if (missing.isEmpty()) {
            return Future.succeededFuture();
        }
        List<ResourceInstance> added = missing.stream().map(instances::get).toList();
        Tuple columns = keysOf(missing)
                .addArrayOfString(Rows.array(added, ResourceInstance::resourceUri, String[]::new))
                .addArrayOfString(Rows.array(added, ResourceInstance::location, String[]::new))
                .addArrayOfString(Rows.array(added, ResourceInstance::tags, String[]::new))
                .addArrayOfString(Rows.array(added, ResourceInstance::additionalInfo, String[]::new))
                .addArrayOfString(Rows.array(added, ResourceInstance::instanceData, String[]::new));
        return transaction.preparedQuery(NEW_INSTANCES).execute(columns).mapEmpty();
    }

    private static Tuple keysOf(List<InstanceKey> keys) {
        return Tuple.tuple()
                .addArrayOfUUID(Rows.array(keys, InstanceKey::subscription, UUID[]::new))
                .addArrayOfBuffer(Rows.array(keys, InstanceKey::digest, Buffer[]::new));
    }

    private Future<Void> writeRecords(List<UsageRecord> records, Buffer[] digests, OffsetDateTime[] reportedHours) {
        Tuple columns = Tuple.tuple()
                .addArrayOfOffsetDateTime(reportedHours)
                .addArrayOfUUID(Rows.array(
                        records, record -> record.instance().subscription().value(), UUID[]::new))
                .addArrayOfString(Rows.array(records, UsageRecord::meterKey, String[]::new))
                .addArrayOfBuffer(digests)
                .addArrayOfOffsetDateTime(
                        Rows.array(records, record -> Rows.utc(record.usageStart()), OffsetDateTime[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(records, record -> Rows.utc(record.usageEnd()), OffsetDateTime[]::new))
                .addArrayOfString(
                        Rows.array(records, record -> record.quantity().toPlainString(), String[]::new))
                .addArrayOfString(Rows.array(records, UsageRecord::source, String[]::new))
                .addArrayOfString(Rows.array(records, UsageRecord::id, String[]::new));
        return transaction.preparedQuery(RECORDS).execute(columns).compose(result -> {
            // An identity without its record would be a loss that nobody sees: rather fail the batch.
            return result.rowCount() == records.size()
                    ? Future.succeededFuture()
                    : Future.failedFuture(new IllegalStateException(
                            "Wrote " + result.rowCount() + " of " + records.size() + " records"));
        });
    }
}
