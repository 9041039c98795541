package io.tallygate.store.usage;

import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The two tables of records that are kept but not taken; they have the same columns. */
public enum HeldRecords {
    /** Subscription or meter is unknown: taken when both are known. */
    QUARANTINED("quarantined_record"),
    /** Another payload came under the same identity before: kept for a person to look at. */
    CONFLICTING("conflicting_record");

    private static final String COLUMNS = """
            source, record_id, payload_hash, reason, subscription_id, meter_id, resource_uri, location, tags,
              additional_info, usage_start, usage_end, quantity""";

    private final String table;

    HeldRecords(String table) {
        this.table = table;
    }

    String table() {
        return table;
    }

    Future<Void> keep(SqlConnection transaction, List<UsageRecord> records, Function<UsageRecord, RecordError> reason) {
        if (records.isEmpty()) {
            return Future.succeededFuture();
        }
        String sql = "insert into " + table + " (" + COLUMNS + """
                ) select source, record_id, payload_hash, reason, subscription_id, meter_id, resource_uri, location, tags,
                  additional_info, usage_start, usage_end, quantity::numeric
                from unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                    $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::text[])
                  as new (source, record_id, payload_hash, reason, subscription_id, meter_id, resource_uri, location, tags,
                    additional_info, usage_start, usage_end, quantity)
                order by source collate "C", record_id collate "C"
                on conflict do nothing""";
        return transaction.preparedQuery(sql).execute(columns(records, reason)).mapEmpty();
    }

    static HeldRecord held(Row row) {
        ResourceInstance instance = new ResourceInstance(
                new SubscriptionId(row.getUUID("subscription_id")),
                row.getString("resource_uri"),
                row.getString("location"),
                row.getString("tags"),
                row.getString("additional_info"));
        UsageRecord record = new UsageRecord(
                row.getString("source"),
                row.getString("record_id"),
                row.getString("meter_id"),
                instance,
                row.getBigDecimal("quantity"),
                Rows.instant(row, "usage_start"),
                Rows.instant(row, "usage_end"));
        return new HeldRecord(
                row.getLong("held_id"),
                RecordError.valueOf(row.getString("reason")),
                Rows.instant(row, "received_at"),
                record);
    }

    private static Tuple columns(List<UsageRecord> records, Function<UsageRecord, RecordError> reason) {
        return Tuple.tuple()
                .addArrayOfString(text(records, UsageRecord::source))
                .addArrayOfString(text(records, UsageRecord::id))
                .addArrayOfBuffer(Rows.array(records, UsageRecord::payloadHash, Buffer[]::new))
                .addArrayOfString(text(records, r -> reason.apply(r).name()))
                .addArrayOfUUID(
                        Rows.array(records, r -> r.instance().subscription().value(), UUID[]::new))
                .addArrayOfString(text(records, UsageRecord::meterId))
                .addArrayOfString(text(records, r -> r.instance().resourceUri()))
                .addArrayOfString(text(records, r -> r.instance().location()))
                .addArrayOfString(text(records, r -> r.instance().tags()))
                .addArrayOfString(text(records, r -> r.instance().additionalInfo()))
                .addArrayOfOffsetDateTime(Rows.array(records, r -> Rows.utc(r.usageStart()), OffsetDateTime[]::new))
                .addArrayOfOffsetDateTime(Rows.array(records, r -> Rows.utc(r.usageEnd()), OffsetDateTime[]::new))
                .addArrayOfString(text(records, r -> r.quantity().toPlainString()));
    }

    private static String[] text(List<UsageRecord> records, Function<UsageRecord, String> column) {
        return Rows.array(records, column, String[]::new);
    }
}
