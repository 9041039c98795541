package io.tallygate.store.collect;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Shares the windows of sources out to gateways and keeps what became of them, by the database's clock. The invariants are
 * in {@code V15__collect.sql} and {@code V19__complete_through.sql}.
 */
public final class CollectStore {
    /** From so many failures in a row on a source is left alone for a while. */
    public static final int FAILURES_BEFORE_PAUSE = 5;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
    // Twenty days of hours: what comes next is planned with the next claim.
    private static final int PLANNED_AT_ONCE = 480;

    private static final String OPEN = """
            insert into collect_source as s
              (source, registration_id, begins_at, planned_through, window_seconds, seen_at, trouble)
            values ($1, $2, $3, $3, $4, clock_timestamp(), $5)
            on conflict (source) do update
            set registration_id = coalesce($2, s.registration_id), seen_at = clock_timestamp(), trouble = $5, ended_at = null
            returning window_seconds, begins_at > clock_timestamp() as ahead""";
    // First of all, by everybody who also writes windows: so nobody waits in a circle, and the next statement of the
    // transaction sees what those have done who were waited for here.
    private static final String LOCK = """
            select ended_at is not null or coalesce(greatest(paused_until, wished_until) > clock_timestamp(), false) as paused
            from collect_source where source = $1 for no key update""";
    private static final String PLAN = """
            with planned as (
              insert into collect_window (source, window_start, window_end, next_attempt_at)
              select source, start, start + make_interval(secs => $2), clock_timestamp()
              from collect_source, generate_series(
                planned_through,
                least(case when $5 then date_trunc('day', clock_timestamp() - make_interval(secs => $3), 'UTC')
                    else clock_timestamp() - make_interval(secs => $3) end,
                  planned_through + $4 * make_interval(secs => $2))
                  - make_interval(secs => $2),
                make_interval(secs => $2)) start
              where source = $1
              returning window_end)
            update collect_source set planned_through = (select max(window_end) from planned)
            where source = $1 and exists (select from planned)""";
    private static final String CLAIM = """
            update collect_window w
            set lease_token = nextval('collect_lease'), leased_until = clock_timestamp() + make_interval(secs => $3),
              attempts = attempts + 1
            where source = $1 and coalesce(leased_until <= clock_timestamp(), true)
              and window_start = (
                select window_start from collect_window
                where source = $1 and (collected_at is null or again_at is not null) and next_attempt_at <= clock_timestamp()
                  and coalesce(leased_until <= clock_timestamp(), true)
                order by next_attempt_at, window_start
                limit 1)
              and (
                select count(*) from collect_window
                where source = $1 and (collected_at is null or again_at is not null)
                  and leased_until > clock_timestamp())
                < (select case when failures >= $4 then 1 else $2 end from collect_source where source = $1)
            returning window_start, window_end, lease_token, attempts""";
    private static final String RENEW = """
            update collect_window set leased_until = clock_timestamp() + make_interval(secs => $4)
            where source = $1 and window_start = $2 and lease_token = $3 and leased_until > clock_timestamp()""";
    private static final String COLLECTED = """
            with collected as (
              update collect_window
              set collected_at = coalesce(collected_at, clock_timestamp()), again_at = null,
                stored_through = case when stored_through is null or $5::bigint > 0 then interval '1 hour' + greatest(
                  date_trunc('hour', clock_timestamp(), 'UTC'), (select closed_through from window_state))
                  else stored_through end,
                lease_token = null, leased_until = null, problem = $10,
                row_count = coalesce(row_count, 0) + $4, accepted = coalesce(accepted, 0) + $5,
                duplicate = coalesce(duplicate, 0) + $6, conflict = coalesce(conflict, 0) + $7,
                quarantined = coalesce(quarantined, 0) + $8, rejected = coalesce(rejected, 0) + $9
              where source = $1 and window_start = $2 and lease_token = $3
              returning source)
            update collect_source s
            set failures = 0, paused_until = null, succeeded_at = clock_timestamp(), seen_at = clock_timestamp()
            from collected where s.source = collected.source""";
    private static final String GIVE_BACK = """
            update collect_window
            set lease_token = null, leased_until = null,
              next_attempt_at = clock_timestamp() + make_interval(secs => $4)
            where source = $1 and window_start = $2 and lease_token = $3""";
    // What somebody wished to be pulled again is not tried for ever: the source may not keep it any more.
    private static final String LEAVE = """
            update collect_window
            set lease_token = null, leased_until = null,
              next_attempt_at = clock_timestamp() + make_interval(secs => $4),
              problem = case when again_at is null then problem else $5 end, again_at = null
            where source = $1 and window_start = $2 and lease_token = $3""";
    private static final String FAILED = """
            update collect_source
            set failures = failures + 1, failure = $2, failed_at = clock_timestamp(), seen_at = clock_timestamp(),
              paused_until = case when failures + 1 >= $3 then clock_timestamp()
                + least(make_interval(secs => $4) * 2 ^ least(failures + 1 - $3, 20), make_interval(secs => $5)) end,
              wished_until = greatest(wished_until, clock_timestamp() + make_interval(secs => $6))
            where source = $1""";
    private static final String STATUS = """
            select s.*, w.*, p.*, greatest(s.paused_until, s.wished_until) as asked_from,
              coalesce(w.first_open, s.planned_through) as complete_through, clock_timestamp() as now,
              w.under_way > 0 or coalesce(s.seen_at > clock_timestamp() - interval '3 minutes', false) as configured
            from collect_source s
            left join lateral (
              select problem, window_start as problem_from from collect_window
              where source = s.source and problem is not null
              order by window_start desc limit 1) p on true
            cross join lateral (
              select min(window_start) filter (where collected_at is null) as first_open,
                count(*) filter (where collected_at is null) as waiting,
                count(*) filter (where leased_until > clock_timestamp()) as under_way,
                coalesce(sum(row_count), 0)::bigint as row_count, coalesce(sum(accepted), 0)::bigint as accepted,
                coalesce(sum(duplicate), 0)::bigint as duplicate, coalesce(sum(conflict), 0)::bigint as conflict,
                coalesce(sum(quarantined), 0)::bigint as quarantined, coalesce(sum(rejected), 0)::bigint as rejected
              from collect_window
              where source = s.source) w
            order by s.source""";

    private final Database database;

    /** Works in the given database. */
    public CollectStore(Database database) {
        this.database = database;
    }

    /**
     * Makes a source known, or notes that it still is in a gateway's configuration; where it begins stays as it was when that
     * was done for the first time. One that was ended goes on.
     *
     * @param begins on the hour, or on the UTC day for windows of a day
     * @param window how much of its time is pulled as one, always
     * @throws IllegalStateException (the future) if it begins in the future, or was collected in other windows before
     */
    public Future<Void> open(String source, long registrationId, Instant begins, Duration window) {
        return open(source, registrationId, begins, window, null);
    }

    /**
     * Likewise for one that is configured and not collected: what was collected of it stays as it is.
     *
     * @param trouble why it is not collected
     */
    public Future<Void> wait(String source, Instant begins, Duration window, String trouble) {
        return open(source, null, begins, window, trouble);
    }

    private Future<Void> open(String source, Long registrationId, Instant begins, Duration window, String trouble) {
        Tuple values = Tuple.of(source, registrationId, Rows.utc(begins), (int) window.toSeconds(), trouble);
        return database.repeatableTransaction(transaction -> transaction
                .preparedQuery(OPEN)
                .execute(values)
                .compose(rows -> opened(source, window, rows.iterator().next())));
    }

    // Rolled back with what was written.
    private static Future<Void> opened(String source, Duration window, Row row) {
        Integer seconds = row.getInteger("window_seconds");
        if (seconds == null || seconds != window.toSeconds()) {
            String before = seconds == null ? "of files" : "in windows of " + Duration.ofSeconds(seconds);
            return Future.failedFuture(new IllegalStateException("The source " + source + " was collected " + before
                    + " so far, which cannot change to " + window + ": give it another name"));
        }
        return row.getBoolean("ahead")
                ? Future.failedFuture(new IllegalStateException("The source " + source + " would begin in the future"))
                : Future.succeededFuture();
    }

    /**
     * Claims the window that is due for the longest time, the first of those that never failed; plans those that have become final before.
     *
     * @return empty if there is none, if enough are under way, or while the source is left alone
     */
    public Future<Optional<CollectLease>> claim(CollectPlan plan) {
        return locked(
                plan.source(),
                (transaction, paused) ->
                        paused ? Future.succeededFuture(Optional.empty()) : planAndClaim(transaction, plan));
    }

    private static Future<Optional<CollectLease>> planAndClaim(SqlConnection transaction, CollectPlan plan) {
        return transaction
                .preparedQuery(PLAN)
                .execute(Tuple.of(
                        plan.source(),
                        Rows.seconds(plan.window()),
                        Rows.seconds(plan.lag()),
                        PLANNED_AT_ONCE,
                        plan.wholeDays()))
                .compose(planned -> transaction
                        .preparedQuery(CLAIM)
                        .execute(Tuple.of(
                                plan.source(), plan.concurrency(), Rows.seconds(plan.lease()), FAILURES_BEFORE_PAUSE)))
                .map(rows -> lease(plan.source(), rows));
    }

    private static Optional<CollectLease> lease(String source, RowSet<Row> rows) {
        RowIterator<Row> claimed = rows.iterator();
        if (!claimed.hasNext()) {
            return Optional.empty();
        }
        Row row = claimed.next();
        return Optional.of(new CollectLease(
                source,
                Rows.instant(row, "window_start"),
                Rows.instant(row, "window_end"),
                row.getLong("lease_token"),
                row.getInteger("attempts")));
    }

    /** Keeps the window for so long from now; false if it is somebody else's by now. */
    public Future<Boolean> renew(CollectLease lease, Duration duration) {
        Tuple values = of(lease).addDouble(Rows.seconds(duration));
        return database.transaction(transaction -> marked(transaction, RENEW, values));
    }

    /**
     * All of the window is stored.
     *
     * @param problem why its first refused record was refused; null if none was
     * @return false if it is somebody else's by now: nothing was changed then
     */
    public Future<Boolean> collected(CollectLease lease, CollectCounts counts, String problem) {
        Tuple values = counts.outcomesAfter(of(lease).addLong(counts.rows())).addString(problem);
        return locked(lease.source(), (transaction, paused) -> marked(transaction, COLLECTED, values));
    }

    /** Gives the window back, to be claimed again after so long. That is no failure of the source. */
    public Future<Boolean> giveBack(CollectLease lease, Duration after) {
        return database.transaction(transaction -> giveBack(transaction, lease, after));
    }

    /**
     * Gives the window back because the source failed. After {@link #FAILURES_BEFORE_PAUSE} in a row nobody asks it for
     * half a minute, and for twice as long each time it fails again, a quarter of an hour at the most.
     *
     * @param failure what was wrong, without secrets
     * @param after how long to leave this window
     * @param wish how long the source wants to be left alone in any case; null if it said nothing
     */
    public Future<Void> failed(CollectLease lease, String failure, Duration after, Duration wish) {
        Tuple values = Tuple.of(
                lease.source(),
                failure,
                FAILURES_BEFORE_PAUSE,
                Rows.seconds(FIRST_PAUSE),
                Rows.seconds(LONGEST_PAUSE),
                wish == null ? null : Rows.seconds(wish));
        return locked(
                lease.source(),
                (transaction, paused) -> marked(
                                transaction,
                                LEAVE,
                                of(lease).addDouble(Rows.seconds(after)).addString(failure))
                        .compose(left -> transaction.preparedQuery(FAILED).execute(values))
                        .mapEmpty());
    }

    /** All sources that were ever opened, by their names. */
    public Future<List<CollectedSource>> sources() {
        return database.read(
                connection -> connection.preparedQuery(STATUS).execute().map(CollectStore::sources));
    }

    private static List<CollectedSource> sources(RowSet<Row> rows) {
        List<CollectedSource> sources = new ArrayList<>(rows.size());
        rows.forEach(row -> sources.add(CollectedSource.of(row)));
        return List.copyOf(sources);
    }

    private <T> Future<T> locked(String source, BiFunction<SqlConnection, Boolean, Future<T>> work) {
        return database.transaction(transaction -> transaction
                .preparedQuery(LOCK)
                .execute(Tuple.of(source))
                .compose(rows -> work.apply(transaction, rows.iterator().next().getBoolean("paused"))));
    }

    private static Future<Boolean> giveBack(SqlConnection transaction, CollectLease lease, Duration after) {
        return marked(transaction, GIVE_BACK, of(lease).addDouble(Rows.seconds(after)));
    }

    private static Future<Boolean> marked(SqlConnection transaction, String statement, Tuple values) {
        return transaction.preparedQuery(statement).execute(values).map(result -> result.rowCount() == 1);
    }

    private static Tuple of(CollectLease lease) {
        return Tuple.of(lease.source(), Rows.utc(lease.from()), lease.token());
    }
}
