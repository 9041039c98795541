package io.tallygate.routing.delivery;

import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Goes round the payers that have something due at an endpoint, so that none waits behind another's backlog. */
final class WaitingPayers {
    /** Where a round begins. */
    static final UUID FIRST = new UUID(0, 0);

    // By probes of the index, one payer after the other: what a payer has waiting is never read to find the next one.
    private static final String NEXT = """
            with recursive payer as (
              (select r.payer_subscription_id as id
               from event_row r
               where r.endpoint = $1 and r.event_key is null and not r.netted and r.payer_subscription_id >= $2
               order by r.payer_subscription_id
               limit 1)
              union all
              select (
                select r.payer_subscription_id
                from event_row r
                where r.endpoint = $1 and r.event_key is null and not r.netted and r.payer_subscription_id > p.id
                order by r.payer_subscription_id
                limit 1)
              from payer p where p.id is not null)
            select p.id as payer, due.reported_time, due.usage_time
            from payer p cross join lateral (
              select r.reported_time, r.usage_time
              from event_row r
              where r.endpoint = $1 and r.event_key is null and not r.netted and r.payer_subscription_id = p.id
                and r.awaited_key is null and r.usage_time <= $4
                and (r.reported_time < $5 or r.seq >= $6)
              order by r.usage_time
              limit 1) due
            where p.id is not null and p.id <> all($3::uuid[])
            limit 1""";

    private final String endpoint;
    private final Set<UUID> finished = ConcurrentHashMap.newKeySet();
    private volatile UUID from = FIRST;

    WaitingPayers(String endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * A payer with something due.
     *
     * @param reportedTime of a row that is due, the earliest by usage time
     * @param usageTime of the same row
     */
    record Due(SubscriptionId payer, Instant reportedTime, Instant usageTime) {}

    /**
     * Whose turn it is; null if nobody has anything due but those that are finished.
     *
     * @param lastUsage the last usage hour that is due
     * @param reportedBefore what was reported before is due
     * @param moved what re-routes appended is due from this number on, whenever it was reported
     */
    Future<Due> next(SqlConnection transaction, Instant lastUsage, Instant reportedBefore, int moved) {
        return probe(transaction, from, lastUsage, reportedBefore, moved)
                .compose(rows -> rows.size() > 0 || from.equals(FIRST)
                        ? Future.succeededFuture(rows)
                        : probe(transaction, FIRST, lastUsage, reportedBefore, moved))
                .map(this::taken);
    }

    /** This payer has nothing more that can be composed now. */
    void finished(SubscriptionId payer) {
        finished.add(payer.value());
    }

    /** Everybody may have something again. */
    void lookAgain() {
        finished.clear();
    }

    /** The payer's successor in the order of Postgres, which compares ids as unsigned bytes. */
    static UUID after(UUID payer) {
        long low = payer.getLeastSignificantBits() + 1;
        return new UUID(payer.getMostSignificantBits() + (low == 0 ? 1 : 0), low);
    }

    private Future<RowSet<Row>> probe(
            SqlConnection transaction, UUID first, Instant lastUsage, Instant reportedBefore, int moved) {
        Tuple parameters = Tuple.of(endpoint, first)
                .addArrayOfUUID(finished.toArray(UUID[]::new))
                .addOffsetDateTime(Rows.utc(lastUsage))
                .addOffsetDateTime(Rows.utc(reportedBefore))
                .addInteger(moved);
        return transaction.preparedQuery(NEXT).execute(parameters);
    }

    private Due taken(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return null;
        }
        Row row = rows.iterator().next();
        from = after(row.getUUID("payer"));
        return new Due(
                new SubscriptionId(row.getUUID("payer")),
                Rows.instant(row, "reported_time"),
                Rows.instant(row, "usage_time"));
    }
}
