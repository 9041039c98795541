package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.Submission;
import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Claims due events of an endpoint, one payer at a time: a short transaction by the database's clock, after which they
 * are this gateway's until the lease ends. Payers take turns, whatever each has pending.
 */
final class ClaimStore {
    private static final UUID FIRST = new UUID(0, 0);
    // The walk goes from payer to payer by the index, a probe each, and stops at the first that has something
    // due: a join with the holds, even an anti-join, would lose its order and walk to the end. The clock is
    // that of the statement: an index cannot be searched by a clock that goes on. What is locked here but over
    // the limit is free again when the transaction ends.
    private static final String CLAIM = """
            with recursive gate as materialized (
              select not exists (select from delivery_hold)
                  and not exists (
                    select from endpoint_pause where endpoint = $1 and paused_until > statement_timestamp()) as open,
                exists (select from endpoint_pause where endpoint = $1) as probing),
            walk as (
              (select payer_subscription_id, next_attempt_at
               from delivery_event
               where endpoint = $1 and state = 'pending' and payer_subscription_id > $2
               order by payer_subscription_id, next_attempt_at
               limit 1)
              union all
              select n.payer_subscription_id, n.next_attempt_at
              from walk cross join lateral (
                select e.payer_subscription_id, e.next_attempt_at
                from delivery_event e
                where e.endpoint = $1 and e.state = 'pending' and e.payer_subscription_id > walk.payer_subscription_id
                order by e.payer_subscription_id, e.next_attempt_at
                limit 1) n),
            turn as materialized (
              select payer_subscription_id
              from walk
              where (select open from gate) and next_attempt_at <= statement_timestamp()
                and payer_subscription_id <> all($3::uuid[])
                and (select true from payer_hold h where h.payer_subscription_id = walk.payer_subscription_id) is null
              limit 1),
            due as materialized (
              select reported_time, event_key, next_attempt_at, batch_limit, unknown_since
              from delivery_event
              where endpoint = $1 and payer_subscription_id = (select payer_subscription_id from turn)
                and state = 'pending' and next_attempt_at <= statement_timestamp()
              order by next_attempt_at, event_key
              limit ${batch}
              for update skip locked),
            judged as (
              select *, coalesce(unknown_since < statement_timestamp() - make_interval(secs => $5), false) as overdue
              from due),
            sized as (
              select *, row_number() over position as position, min(coalesce(batch_limit, ${batch})) over position as allowed
              from judged
              window position as (partition by overdue order by next_attempt_at, event_key)),
            claimed as (
              update delivery_event e
              set state = case when overdue then 'manual' else 'pending' end,
                reason = case when overdue then '${unknown}' end,
                settled_at = case when overdue then statement_timestamp() end,
                next_attempt_at = statement_timestamp() + make_interval(secs => $4),
                lease_token = case when not overdue then nextval('delivery_lease') end,
                unknown_since = coalesce(e.unknown_since, statement_timestamp())
              from sized s
              where e.payer_subscription_id = (select payer_subscription_id from turn)
                and e.reported_time = s.reported_time and e.event_key = s.event_key
                and (overdue or position <= allowed)
              returning e.reported_time, e.event_key, e.dimension, e.effective_time, e.quantity, e.body, e.attempts,
                e.lease_token, s.unknown_since is not null as was_unknown, s.overdue, s.position),
            entered as (
              insert into delivery_ledger (payer_subscription_id, reported_time, event_key, endpoint, outcome, attempt,
                detail)
              select t.payer_subscription_id, c.reported_time, c.event_key, $1, '${unknown}', c.attempts,
                'not sent again: the endpoint may have forgotten its key'
              from claimed c cross join turn t
              where c.overdue)
            select t.payer_subscription_id, g.probing, c.*
            from turn t cross join gate g left join claimed c on true
            order by c.position""";
    // Waits for whoever does the same; the one that comes second finds that there is a probe under way.
    private static final String PROBE = """
            update endpoint_pause set paused_until = clock_timestamp() + make_interval(secs => $2)
            where endpoint = $1 and paused_until <= clock_timestamp()""";
    private static final String RELEASE = """
            update delivery_event e
            set next_attempt_at = statement_timestamp(), lease_token = null,
              unknown_since = case when m.was_unknown then e.unknown_since end
            from unnest($2::timestamptz[], $3::uuid[], $4::bigint[], $5::boolean[])
              as m(reported_time, event_key, lease_token, was_unknown)
            where e.payer_subscription_id = $1 and e.reported_time = m.reported_time and e.event_key = m.event_key
              and e.lease_token = m.lease_token and e.state = 'pending'""";

    private final Database database;
    private final String endpoint;
    private final String claim;
    private final double leaseSeconds;
    private final Double unknownSeconds;

    ClaimStore(Database database, Endpoint endpoint) {
        this.database = database;
        this.endpoint = endpoint.name();
        // A number in the text: with an unknown limit Postgres would rather plan anew each time, which costs
        // more than the claim itself.
        int batchLimit = endpoint.adapter().terms().batchLimit();
        claim = CLAIM.replace("${batch}", Integer.toString(batchLimit))
                .replace("${unknown}", EventWords.OUTCOME_UNKNOWN);
        leaseSeconds = Rows.seconds(endpoint.config().lease());
        // The last moment in which the endpoint must still know the key is that of the answer, not that of the claim.
        unknownSeconds = endpoint.adapter()
                .terms()
                .dedupeWindow()
                .map(window -> Rows.seconds(window.minus(endpoint.config().lease())))
                .orElse(null);
    }

    /**
     * Claims for the next payer that has something due.
     *
     * @param after the payer whose turn was last; null at first
     * @param resting payers that are left out
     * @return empty if nothing is due
     */
    Future<Optional<Claim>> claim(UUID after, Collection<UUID> resting) {
        long began = System.nanoTime();
        return database.transaction(transaction -> turn(transaction, after == null ? FIRST : after, resting)
                        .compose(rows -> rows.size() == 0 && after != null
                                ? turn(transaction, FIRST, resting)
                                : Future.succeededFuture(rows))
                        .compose(rows -> probing(transaction, rows))
                        .map(rows -> claim(rows, began)))
                .recover(failure -> failure instanceof AnotherProbes
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    /** Gives back what was claimed and not sent, as if it never had been. */
    Future<Void> release(Claim claim) {
        List<Claim.Leased> events = claim.events();
        Tuple leases = Tuple.of(claim.payer().value())
                .addArrayOfOffsetDateTime(
                        Rows.array(events, event -> Rows.utc(event.reportedTime()), OffsetDateTime[]::new))
                .addArrayOfUUID(Rows.array(events, Claim.Leased::key, UUID[]::new))
                .addArrayOfLong(Rows.array(events, Claim.Leased::token, Long[]::new))
                .addArrayOfBoolean(Rows.array(events, Claim.Leased::wasUnknown, Boolean[]::new));
        return database.repeatableTransaction(transaction ->
                transaction.preparedQuery(RELEASE).execute(leases).mapEmpty());
    }

    private Future<RowSet<Row>> turn(SqlConnection transaction, UUID after, Collection<UUID> resting) {
        return transaction
                .preparedQuery(claim)
                .execute(Tuple.of(endpoint, after)
                        .addArrayOfUUID(resting.toArray(UUID[]::new))
                        .addDouble(leaseSeconds)
                        .addDouble(unknownSeconds));
    }

    private Future<RowSet<Row>> probing(SqlConnection transaction, RowSet<Row> rows) {
        boolean sends = false;
        for (Row row : rows) {
            sends |= row.getBoolean("probing") && row.getLong("lease_token") != null;
        }
        if (!sends) {
            return Future.succeededFuture(rows);
        }
        return transaction
                .preparedQuery(PROBE)
                .execute(Tuple.of(endpoint, leaseSeconds))
                .compose(done ->
                        done.rowCount() == 1 ? Future.succeededFuture(rows) : Future.failedFuture(new AnotherProbes()));
    }

    private static Optional<Claim> claim(RowSet<Row> rows, long began) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        List<Claim.Leased> events = new ArrayList<>(rows.size());
        int setAside = 0;
        for (Row row : rows) {
            if (row.getUUID("event_key") == null) {
                continue;
            }
            if (row.getBoolean("overdue")) {
                setAside++;
            } else {
                events.add(leased(row));
            }
        }
        Row first = rows.iterator().next();
        SubscriptionId payer = new SubscriptionId(first.getUUID("payer_subscription_id"));
        return Optional.of(new Claim(UUID.randomUUID(), payer, events, setAside, first.getBoolean("probing"), began));
    }

    private static Claim.Leased leased(Row row) {
        return new Claim.Leased(
                Rows.instant(row, "reported_time"),
                row.getLong("lease_token"),
                row.getInteger("attempts"),
                row.getBoolean("was_unknown"),
                new Submission.Event(
                        row.getUUID("event_key"),
                        row.getString("dimension"),
                        Rows.instant(row, "effective_time"),
                        row.getBigDecimal("quantity"),
                        row.getBuffer("body")));
    }

    /** Rolls the claim back: one submission at a time goes to an endpoint that was paused. */
    private static final class AnotherProbes extends RuntimeException {
        AnotherProbes() {
            super("Another gateway tries the endpoint after its pause", null, false, false);
        }
    }
}
