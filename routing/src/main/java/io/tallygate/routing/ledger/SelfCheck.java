package io.tallygate.routing.ledger;

import io.tallygate.routing.ledger.Reconciliation.GroupBy;
import io.tallygate.routing.ledger.Reconciliation.Line;
import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Proves the last days to ourselves: the books agree, and what events say is the sum of their rows. Says also which events
 * are stuck, which is no matter of the books. The clock is the database's.
 */
public final class SelfCheck {
    private static final Duration BEFORE = Duration.ofDays(7);
    // Today and tomorrow: windows may be closed a day ahead.
    private static final Duration AHEAD = Duration.ofDays(2);
    private static final int MAX_DIFFERENCES = 20;
    private static final String NOW = "select clock_timestamp() as now";
    // The rows of most events were reported within days, and are summed in one go. An event that has older
    // ones, or that is wrong, is looked at by itself.
    private static final String EVENTS = """
            with summed as (
              select payer_subscription_id, event_time, event_key, sum(quantity) as quantity,
                sum(record_count) as record_count, count(*) as row_count
              from event_row
              where event_time >= $1 and event_time < $2 and reported_time >= $1::timestamptz - interval '7 days'
              group by payer_subscription_id, event_time, event_key),
            suspect as (
              select d.payer_subscription_id, d.reported_time, d.event_key, d.quantity, d.record_count, d.row_count
              from delivery_event d
              left join summed s on s.payer_subscription_id = d.payer_subscription_id and s.event_time = d.reported_time
                and s.event_key = d.event_key
              where d.reported_time >= $1 and d.reported_time < $2 and d.state <> 'withdrawn'
                and (s.quantity, s.record_count, s.row_count) is distinct from (d.quantity, d.record_count, d.row_count))
            select 'event ' || s.event_key || ' of ' || s.payer_subscription_id || ' says ' || s.record_count
                || ' records of ' || trim_scale(s.quantity) || ', its rows ' || e.record_count || ' of '
                || trim_scale(e.quantity) as difference
            from suspect s
            cross join lateral (
              select coalesce(sum(quantity), 0) as quantity, coalesce(sum(record_count), 0) as record_count,
                count(*) as row_count
              from event_row r
              where r.payer_subscription_id = s.payer_subscription_id and r.event_time = s.reported_time
                and r.event_key = s.event_key) e
            where (e.quantity, e.record_count, e.row_count) is distinct from (s.quantity, s.record_count, s.row_count)
            limit $3""";
    // Late is not stuck: an endpoint may be away, wish to be left alone or be held. Stuck is what the gateways pass by
    // while the endpoint takes others.
    private static final String STUCK = """
            with late as (
              select d.event_key, d.payer_subscription_id, d.endpoint, d.next_attempt_at
              from delivery_event d
              where d.state = 'pending' and d.lease_token is not null
                and d.next_attempt_at < clock_timestamp() - 2 * make_interval(secs => $2)
                and not exists (select from delivery_hold)
                and not exists (select from payer_hold h where h.payer_subscription_id = d.payer_subscription_id)
                and not exists (select from endpoint_pause p where p.endpoint = d.endpoint)),
            took as materialized (
              select l.endpoint, max(l.recorded_at) as latest
              from delivery_ledger l
              where l.reported_time >= $1 and l.outcome = 'Accepted' and l.endpoint in (select endpoint from late)
                and l.recorded_at < clock_timestamp() - make_interval(secs => $2)
              group by l.endpoint)
            select late.event_key || ' of ' || late.payer_subscription_id || ', whose lease ended at '
                || to_char(late.next_attempt_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as stuck
            from late join took using (endpoint)
            where took.latest > late.next_attempt_at + make_interval(secs => $2)
            order by late.next_attempt_at
            limit $3""";

    private final Database database;
    private final ReconciliationStore reconciliations;
    private final ReconciliationObserver observer;
    private final Duration longestLease;

    /**
     * Checks the given database and tells the observer.
     *
     * @param longestLease of any endpoint: an event is stuck if nobody took its lease over although the endpoint took
     *     others longer than this after it ended
     */
    public SelfCheck(
            Database database,
            ReconciliationStore reconciliations,
            ReconciliationObserver observer,
            Duration longestLease) {
        this.database = database;
        this.reconciliations = reconciliations;
        this.observer = observer;
        this.longestLease = longestLease;
    }

    /**
     * Checks what was reported today and in the seven days before. The observer is told unless the future fails.
     *
     * @return the books in sum; balanced only if the events agree with their rows, too
     */
    public Future<Reconciliation> check() {
        return database.read(connection -> connection
                        .preparedQuery(NOW)
                        .execute(Tuple.tuple())
                        .map(rows -> Rows.instant(rows.iterator().next(), "now")))
                .compose(this::check);
    }

    private Future<Reconciliation> check(Instant now) {
        Instant today = AggregationGranularity.Daily.floor(now);
        Instant from = today.minus(BEFORE);
        Instant to = today.plus(AHEAD);
        Future<Reconciliation> found = reconciliations.reconcile(from, to, Set.of());
        Future<List<String>> books = found.compose(
                sum -> sum.balanced() ? Future.succeededFuture(List.<String>of()) : differences(from, to));
        Future<List<String>> events = books.compose(done -> events(from, to));
        Future<List<String>> stuck = events.compose(done -> stuck(from));
        return stuck.map(done -> tell(found.result(), books.result(), events.result(), stuck.result(), now));
    }

    // A second statement, which sees a later state; what does not balance does not get better by itself.
    private Future<List<String>> differences(Instant from, Instant to) {
        return reconciliations
                .reconcile(from, to, EnumSet.allOf(GroupBy.class))
                .map(found -> found.rows().stream()
                        .filter(line -> !line.balanced())
                        .limit(MAX_DIFFERENCES)
                        .map(SelfCheck::text)
                        .toList());
    }

    private Future<List<String>> events(Instant from, Instant to) {
        return texts(EVENTS, Tuple.of(Rows.utc(from), Rows.utc(to), (long) MAX_DIFFERENCES));
    }

    private Future<List<String>> stuck(Instant from) {
        return texts(STUCK, Tuple.of(Rows.utc(from), (double) longestLease.toSeconds(), (long) MAX_DIFFERENCES));
    }

    private Future<List<String>> texts(String query, Tuple parameters) {
        return database.longRead(connection -> connection
                .preparedQuery(query)
                .execute(parameters)
                .map(rows -> {
                    List<String> texts = new ArrayList<>();
                    rows.forEach(row -> texts.add(row.getString(0)));
                    return texts;
                }));
    }

    private Reconciliation tell(
            Reconciliation found, List<String> books, List<String> events, List<String> stuck, Instant now) {
        if (!stuck.isEmpty()) {
            observer.stuck(stuck, now);
        }
        List<String> all = Stream.concat(books.stream(), events.stream()).toList();
        if (found.balanced() && all.isEmpty()) {
            observer.balanced(found, now);
            return found;
        }
        Reconciliation unbalanced = found.unbalanced();
        observer.unbalanced(unbalanced, all.isEmpty() ? List.of("they agree again by now") : all, now);
        return unbalanced;
    }

    private static String text(Line line) {
        return Stream.of(
                                line.day() == null
                                        ? null
                                        : line.day().toString().substring(0, 10),
                                "tenant " + line.tenant(),
                                "meter " + line.meterId(),
                                line.payer() == null ? null : "payer " + line.payer())
                        .filter(part -> part != null)
                        .collect(Collectors.joining(", "))
                + line.totals().entrySet().stream()
                        .filter(total -> total.getValue().count() != 0
                                || total.getValue().quantity().signum() != 0)
                        .map(total -> total.getKey().wireName() + " "
                                + total.getValue().count() + " of "
                                + CanonicalJson.plain(total.getValue().quantity()))
                        .collect(Collectors.joining(", ", ": ", ""));
    }
}
