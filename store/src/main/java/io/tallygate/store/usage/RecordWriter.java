package io.tallygate.store.usage;

import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Writes records whose identity the transaction has claimed, and the instances that are new with them. */
final class RecordWriter {
    // Side by side in the select list the arrays are not each unrolled into a table of its own first, as they would be
    // by one unnest in the from clause.
    private static final String RECORDS = """
            insert into usage_record (reported_hour, subscription_id, meter_key, instance_id, usage_hour, usage_start,
              usage_end, quantity, reported_at, source, record_id)
            select reported_hour, subscription_id, meter_key, instance_id, date_trunc('hour', usage_start, 'UTC'),
              usage_start, usage_end, quantity::numeric, clock_timestamp(), source, record_id
            from (
              select unnest($1::timestamptz[]) as reported_hour, unnest($2::uuid[]) as subscription_id,
                unnest($3::integer[]) as meter_key, unnest($4::bigint[]) as instance_id,
                unnest($5::timestamptz[]) as usage_start, unnest($6::timestamptz[]) as usage_end,
                unnest($7::text[]) as quantity, unnest($8::text[]) as source, unnest($9::text[]) as record_id) as new""";

    private final SqlConnection transaction;

    /** A record with its meter's key and the window that takes it. */
    record Entry(UsageRecord record, int meterKey, Instant reportedHour) {}

    RecordWriter(SqlConnection transaction) {
        this.transaction = transaction;
    }

    /** Writes each record into its window; the subscriptions are known. */
    Future<Void> write(List<Entry> entries) {
        if (entries.isEmpty()) {
            return Future.succeededFuture();
        }
        return new InstanceIds(transaction)
                .of(entries.stream().map(entry -> entry.record().instance()).toList())
                .compose(ids -> writeRecords(entries, ids));
    }

    private Future<Void> writeRecords(List<Entry> entries, Long[] instanceIds) {
        Tuple columns = Tuple.tuple()
                .addArrayOfOffsetDateTime(times(entries, Entry::reportedHour))
                .addArrayOfUUID(Rows.array(
                        entries,
                        entry -> entry.record().instance().subscription().value(),
                        UUID[]::new))
                .addArrayOfInteger(Rows.array(entries, Entry::meterKey, Integer[]::new))
                .addArrayOfLong(instanceIds)
                .addArrayOfOffsetDateTime(times(entries, entry -> entry.record().usageStart()))
                .addArrayOfOffsetDateTime(times(entries, entry -> entry.record().usageEnd()))
                .addArrayOfString(texts(entries, record -> record.quantity().toPlainString()))
                .addArrayOfString(texts(entries, UsageRecord::source))
                .addArrayOfString(texts(entries, UsageRecord::id));
        return transaction.preparedQuery(RECORDS).execute(columns).compose(result -> {
            // An identity without its record would be a loss that nobody sees: rather fail the batch.
            return result.rowCount() == entries.size()
                    ? Future.succeededFuture()
                    : Future.failedFuture(new IllegalStateException(
                            "Wrote " + result.rowCount() + " of " + entries.size() + " records"));
        });
    }

    private static OffsetDateTime[] times(List<Entry> entries, Function<Entry, Instant> time) {
        return Rows.array(entries, entry -> Rows.utc(time.apply(entry)), OffsetDateTime[]::new);
    }

    private static String[] texts(List<Entry> entries, Function<UsageRecord, String> text) {
        return Rows.array(entries, entry -> text.apply(entry.record()), String[]::new);
    }
}
