package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.Disposition;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Writes down what became of a submission: events and ledger in one transaction. Only whoever still has the lease moves
 * an event; of all others the ledger keeps that they came too late. It may be repeated: what a submission did to an
 * event is entered once.
 */
final class MarkStore {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);
    private static final int MOST_TEXT = 1000;
    private static final Set<Disposition> TOOK_OUR_CREDENTIALS =
            EnumSet.of(Disposition.DELIVERED, Disposition.DEAD, Disposition.HOLD_PAYER, Disposition.SPLIT);
    private static final String MARK = """
            with marked as materialized (
              select m.*
              from unnest($4::timestamptz[], $5::uuid[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::integer[],
                  $11::float8[], $12::boolean[], $13::integer[], $14::text[], $15::text[], $16::boolean[])
                as m(reported_time, event_key, lease_token, outcome, state, reason, attempts, delay, known, batch_limit,
                  remote_id, detail, holds)
              where not exists (
                select from delivery_ledger l
                where l.payer_subscription_id = $1 and l.reported_time = m.reported_time
                  and l.event_key = m.event_key and l.submission_id = $3)),
            moved as (
              update delivery_event e
              set state = m.state, reason = m.reason, attempts = m.attempts,
                next_attempt_at = clock_timestamp() + make_interval(secs => m.delay), lease_token = null,
                unknown_since = case when not m.known then e.unknown_since end,
                batch_limit = coalesce(m.batch_limit, e.batch_limit), remote_id = coalesce(m.remote_id, e.remote_id),
                settled_at = case when m.state <> 'pending' then clock_timestamp() end
              from marked m
              where e.payer_subscription_id = $1 and e.reported_time = m.reported_time and e.event_key = m.event_key
                and e.lease_token = m.lease_token and e.state = 'pending'
              returning e.event_key, m.holds, m.outcome),
            held as (
              insert into payer_hold (payer_subscription_id, automatic, reason)
              select $1, true, min(outcome) from moved where holds having count(*) > 0
              on conflict do nothing
              returning reason),
            entered as (
              insert into delivery_ledger (payer_subscription_id, reported_time, event_key, endpoint, outcome, attempt,
                lease_token, fenced, submission_id, remote_id, detail)
              select $1, m.reported_time, m.event_key, $2, m.outcome, m.attempts, m.lease_token, moved.event_key is null,
                $3, m.remote_id, m.detail
              from marked m left join moved using (event_key)
              order by m.event_key
              returning event_key, fenced)
            select event_key, fenced, (select reason from held) as held from entered""";
    // Of several that were under way when the first was refused, only the first makes the pause longer.
    private static final String PAUSE = """
            insert into endpoint_pause as p (endpoint, paused_until, pauses, reason)
            values ($1, clock_timestamp() + make_interval(secs => $2), 1, $5)
            on conflict (endpoint) do update
            set pauses = p.pauses + 1, reason = excluded.reason,
              paused_until = clock_timestamp()
                + make_interval(secs => least($3::float8, $2 * power(2::float8, least(p.pauses, 20))))
            where $4 or p.paused_until <= clock_timestamp()
            returning paused_until""";
    private static final String RESUME = "delete from endpoint_pause where endpoint = $1";

    private final Database database;
    private final String endpoint;

    MarkStore(Database database, String endpoint) {
        this.database = database;
        this.endpoint = endpoint;
    }

    /**
     * What came of it.
     *
     * @param fenced keys of events that another had taken over
     * @param held why the payer is held from now on; null if it is not, or was before
     * @param pausedUntil null if this did not pause the endpoint
     */
    record Marked(Set<UUID> fenced, String held, Instant pausedUntil) {}

    /** Marks the claim's events, a verdict each. */
    Future<Marked> mark(Claim claim, List<Verdict> verdicts) {
        return database.repeatableTransaction(transaction -> transaction
                .preparedQuery(MARK)
                .execute(columns(claim, verdicts))
                .compose(rows -> pauseOrResume(transaction, claim, verdicts).map(until -> marked(rows, until))));
    }

    private Future<Instant> pauseOrResume(SqlConnection transaction, Claim claim, List<Verdict> verdicts) {
        if (verdicts.stream().anyMatch(verdict -> dispositionOf(verdict) == Disposition.PAUSE_ENDPOINT)) {
            return pause(transaction, claim.probe());
        }
        boolean resumes = claim.probe()
                && verdicts.stream().anyMatch(verdict -> TOOK_OUR_CREDENTIALS.contains(dispositionOf(verdict)));
        return resumes
                ? transaction.preparedQuery(RESUME).execute(Tuple.of(endpoint)).mapEmpty()
                : Future.succeededFuture();
    }

    private Future<Instant> pause(SqlConnection transaction, boolean probe) {
        return transaction
                .preparedQuery(PAUSE)
                .execute(Tuple.of(
                        endpoint,
                        (double) FIRST_PAUSE.toSeconds(),
                        (double) LONGEST_PAUSE.toSeconds(),
                        probe,
                        Outcome.Unauthorized.name()))
                .map(rows ->
                        rows.size() == 0 ? null : Rows.instant(rows.iterator().next(), "paused_until"));
    }

    private static Disposition dispositionOf(Verdict verdict) {
        return verdict.result().outcome().disposition();
    }

    private static Marked marked(RowSet<Row> rows, Instant pausedUntil) {
        Set<UUID> fenced = new HashSet<>();
        String held = null;
        for (Row row : rows) {
            held = row.getString("held");
            if (row.getBoolean("fenced")) {
                fenced.add(row.getUUID("event_key"));
            }
        }
        return new Marked(fenced, held, pausedUntil);
    }

    // Whatever an endpoint says must not keep its answer from being marked: Postgres takes no NUL.
    private static String text(String said) {
        if (said == null) {
            return null;
        }
        String clean = said.replace('\0', ' ');
        return clean.length() > MOST_TEXT ? clean.substring(0, MOST_TEXT) : clean;
    }

    private Tuple columns(Claim claim, List<Verdict> all) {
        return Tuple.of(claim.payer().value(), endpoint, claim.id())
                .addArrayOfOffsetDateTime(
                        Rows.array(all, verdict -> Rows.utc(verdict.event().reportedTime()), OffsetDateTime[]::new))
                .addArrayOfUUID(Rows.array(all, verdict -> verdict.event().key(), UUID[]::new))
                .addArrayOfLong(Rows.array(all, verdict -> verdict.event().token(), Long[]::new))
                .addArrayOfString(
                        Rows.array(all, verdict -> verdict.result().outcome().name(), String[]::new))
                .addArrayOfString(Rows.array(all, Verdict::state, String[]::new))
                .addArrayOfString(Rows.array(all, Verdict::reason, String[]::new))
                .addArrayOfInteger(Rows.array(all, Verdict::attempts, Integer[]::new))
                .addArrayOfDouble(Rows.array(all, verdict -> Rows.seconds(verdict.delay()), Double[]::new))
                .addArrayOfBoolean(Rows.array(all, Verdict::known, Boolean[]::new))
                .addArrayOfInteger(Rows.array(all, Verdict::batchLimit, Integer[]::new))
                .addArrayOfString(
                        Rows.array(all, verdict -> text(verdict.result().remoteId()), String[]::new))
                .addArrayOfString(
                        Rows.array(all, verdict -> text(verdict.result().detail()), String[]::new))
                .addArrayOfBoolean(
                        Rows.array(all, verdict -> dispositionOf(verdict) == Disposition.HOLD_PAYER, Boolean[]::new));
    }
}
