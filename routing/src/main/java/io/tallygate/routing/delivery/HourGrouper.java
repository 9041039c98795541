package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.CommerceAdapter;
import io.tallygate.routing.commerce.EventContent;
import io.tallygate.routing.commerce.Terms;
import io.tallygate.routing.delivery.EventPlan.Group;
import io.tallygate.routing.delivery.EventPlan.Planned;
import io.tallygate.routing.payer.Reroute;
import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Composes events of {@link io.tallygate.routing.commerce.Grouping#HOUR}: in each transaction the earliest waiting hours
 * of one payer, in all its dimensions. Rows stay in Postgres; their sums per dimension and hour come here, the plan is
 * made of these, and one statement puts the rows into the events.
 *
 * <p>Both statements mean the same rows, although the router commits whenever it likes: they take what was reported
 * before {@link Moment#routedThrough}, and no routing adds to that any more. What re-routes append stands still while
 * the composer holds its lock. If anything else should change rows in between, the counts and sums differ from the plan,
 * and the transaction fails and leaves all rows waiting.
 */
final class HourGrouper implements Grouper {
    private static final int WINDOW_ROWS = 5_000;
    private static final int WIDER = 4;
    private static final int PAYERS = 50;
    private static final String DUE = """
            r.endpoint = $1 and r.payer_subscription_id = $2 and r.event_key is null and not r.netted
                and r.awaited_key is null and r.usage_time <= $3 and (r.reported_time < $4 or r.seq >= %d)""".formatted(Reroute.FIRST_SEQ);
    private static final String WINDOW = """
            select r.usage_time from event_row r where %s order by r.usage_time offset $5 limit 1""".formatted(DUE);
    private static final String GROUPS = """
            select r.dimension, r.usage_time, count(*)::integer as rows, sum(r.quantity) as quantity,
              sum(r.record_count)::bigint as record_count, min(r.reported_time) as first_reported,
              max(r.reported_time) as last_reported,
              %s as digest
            from event_row r
            where %s
            group by r.dimension, r.usage_time
            order by r.dimension collate "C", r.usage_time""".formatted(EventKey.DIGEST, DUE);
    private static final String USED = """
            select s.dimension, s.hour
            from unnest($3::text[], $4::timestamptz[]) as wanted (dimension, first)
            join delivery_slot s
              on s.endpoint = $1 and s.payer_subscription_id = $2 and s.dimension = wanted.dimension
              and s.hour >= wanted.first and s.hour <= $5""";
    // Thousands of groups meet thousands of rows, of which a new table's statistics know nothing: looking each one up
    // in the list of the others would take a minute.
    private static final String BY_HASH = "set local enable_nestloop = off";
    // The bounds of reported time leave all partitions but one or two alone.
    private static final String ASSIGN = """
            with assigned as (
              update event_row r set event_time = a.event_time, event_key = a.event_key
              from unnest($5::text[], $6::timestamptz[], $7::timestamptz[], $8::uuid[])
                as a (dimension, usage_time, event_time, event_key)
              where %s and r.dimension = a.dimension and r.usage_time = a.usage_time
                and r.usage_time >= $9 and r.reported_time >= $10 and r.reported_time <= $11
              returning r.event_key, r.quantity, r.record_count)
            select event_key, count(*) as rows, sum(quantity) as quantity, sum(record_count)::bigint as record_count
            from assigned group by event_key""".formatted(DUE);

    private final String endpoint;
    private final CommerceAdapter adapter;
    private final Terms terms;
    private final EventBook book;
    private final WaitingPayers payers;

    HourGrouper(Endpoint endpoint, EventBook book) {
        this.endpoint = endpoint.name();
        this.adapter = endpoint.adapter();
        this.terms = adapter.terms();
        this.book = book;
        this.payers = new WaitingPayers(endpoint.name());
    }

    @Override
    public void lookAgain() {
        payers.lookAgain();
    }

    @Override
    public Future<Progress> composeSome(SqlConnection transaction, Moment moment) {
        return composeSome(transaction, moment, PAYERS);
    }

    /** One payer's turn. */
    private record Turn(SqlConnection transaction, Moment moment, SubscriptionId payer) {}

    /** The hours that are looked at: all that are due up to {@code last}. */
    private record Window(Instant last, boolean complete) {}

    private Future<Progress> composeSome(SqlConnection transaction, Moment moment, int payersLeft) {
        return payers.next(transaction, moment.lastHour(), moment.routedThrough(), Reroute.FIRST_SEQ)
                .compose(due -> due == null
                        ? Future.succeededFuture(new Progress(0, true))
                        : composeOf(new Turn(transaction, moment, due.payer()), WINDOW_ROWS))
                .compose(progress -> progress.events() > 0 || progress.exhausted() || payersLeft == 1
                        ? Future.succeededFuture(progress)
                        : composeSome(transaction, moment, payersLeft - 1));
    }

    // What waits for better times may fill the window: it is made wider until something can be done.
    private Future<Progress> composeOf(Turn turn, int rows) {
        return window(turn, rows)
                .compose(window -> compose(turn, window).map(events -> finished(turn, window, events)))
                .compose(progress ->
                        progress == null ? composeOf(turn, rows * WIDER) : Future.succeededFuture(progress));
    }

    private Progress finished(Turn turn, Window window, int events) {
        if (events == 0 && !window.complete()) {
            return null;
        }
        if (events == 0) {
            payers.finished(turn.payer());
        }
        return new Progress(events, false);
    }

    private Future<Window> window(Turn turn, int rows) {
        return turn.transaction()
                .preparedQuery(WINDOW)
                .execute(due(turn, turn.moment().lastHour()).addInteger(rows))
                .map(beyond -> beyond.size() == 0
                        ? new Window(turn.moment().lastHour(), true)
                        : new Window(Rows.instant(beyond.iterator().next(), "usage_time"), false));
    }

    private Future<Integer> compose(Turn turn, Window window) {
        return turn.transaction()
                .preparedQuery(GROUPS)
                .execute(due(turn, window.last()))
                .map(HourGrouper::byDimension)
                .compose(groups -> used(turn, window, groups).map(used -> plan(turn, window, groups, used)))
                .compose(plans -> plans.isEmpty() ? Future.succeededFuture(0) : write(turn, window, plans));
    }

    private static Map<String, List<Group>> byDimension(RowSet<Row> rows) {
        Map<String, List<Group>> groups = new TreeMap<>();
        for (Row row : rows) {
            groups.computeIfAbsent(row.getString("dimension"), dimension -> new ArrayList<>())
                    .add(new Group(
                            Rows.instant(row, "usage_time"),
                            row.getInteger("rows"),
                            row.getBigDecimal("quantity"),
                            row.getLong("record_count"),
                            Rows.instant(row, "first_reported"),
                            Rows.instant(row, "last_reported"),
                            row.getBuffer("digest")));
        }
        return groups;
    }

    private Future<Map<String, Set<Instant>>> used(Turn turn, Window window, Map<String, List<Group>> groups) {
        Map<String, Set<Instant>> used = new HashMap<>();
        if (!terms.slots()) {
            return Future.succeededFuture(used);
        }
        Tuple parameters = Tuple.of(endpoint, turn.payer().value())
                .addArrayOfString(groups.keySet().toArray(String[]::new))
                .addArrayOfOffsetDateTime(Rows.array(
                        groups.values(), hours -> Rows.utc(hours.get(0).hour()), OffsetDateTime[]::new))
                .addOffsetDateTime(Rows.utc(window.last()));
        return turn.transaction().preparedQuery(USED).execute(parameters).map(rows -> {
            rows.forEach(row -> used.computeIfAbsent(row.getString("dimension"), dimension -> new HashSet<>())
                    .add(Rows.instant(row, "hour")));
            return used;
        });
    }

    /** A planned event of a dimension, and what becomes of it. */
    private record Plan(Planned planned, NewEvent event) {}

    private List<Plan> plan(Turn turn, Window window, Map<String, List<Group>> groups, Map<String, Set<Instant>> used) {
        EventPlan.Rules rules = new EventPlan.Rules(
                terms.slots(),
                terms.acceptsNegative(),
                turn.moment().earliest(),
                turn.moment().expired(),
                window.last(),
                window.complete());
        List<Plan> plans = new ArrayList<>();
        groups.forEach((dimension, hours) -> EventPlan.of(hours, used.getOrDefault(dimension, Set.of()), rules)
                .forEach(planned -> plans.add(new Plan(planned, event(turn.payer(), dimension, planned)))));
        return plans;
    }

    private NewEvent event(SubscriptionId payer, String dimension, Planned planned) {
        UUID key = EventKey.of(
                endpoint, payer, planned.groups().stream().map(Group::digest).toList());
        EventContent content = new EventContent(
                key, payer, dimension, planned.hour(), planned.quantity(), planned.recordCount(), List.of());
        return planned.negative()
                ? NewEvent.negativeSum(content, planned.lastReported(), planned.rows(), adapter.body(content))
                : NewEvent.pending(content, planned.lastReported(), planned.rows(), adapter.body(content));
    }

    private Future<Integer> write(Turn turn, Window window, List<Plan> plans) {
        return turn.transaction()
                .query(BY_HASH)
                .execute()
                .compose(set -> turn.transaction().preparedQuery(ASSIGN).execute(assignment(turn, window, plans)))
                .compose(assigned -> book.add(
                        turn.transaction(), plans.stream().map(Plan::event).toList(), assigned));
    }

    /** Where one group goes. */
    private record Place(Group group, NewEvent event) {}

    private Tuple assignment(Turn turn, Window window, List<Plan> plans) {
        List<Place> places = plans.stream()
                .flatMap(plan -> plan.planned().groups().stream().map(group -> new Place(group, plan.event())))
                .toList();
        List<Group> groups = places.stream().map(Place::group).toList();
        return due(turn, window.last())
                .addArrayOfString(
                        Rows.array(places, place -> place.event().content().dimension(), String[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(places, place -> Rows.utc(place.group().hour()), OffsetDateTime[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(places, place -> Rows.utc(place.event().reportedTime()), OffsetDateTime[]::new))
                .addArrayOfUUID(
                        Rows.array(places, place -> place.event().content().key(), UUID[]::new))
                .addOffsetDateTime(Rows.utc(
                        groups.stream().map(Group::hour).min(Instant::compareTo).orElseThrow()))
                .addOffsetDateTime(Rows.utc(groups.stream()
                        .map(Group::firstReported)
                        .min(Instant::compareTo)
                        .orElseThrow()))
                .addOffsetDateTime(Rows.utc(groups.stream()
                        .map(Group::lastReported)
                        .max(Instant::compareTo)
                        .orElseThrow()));
    }

    private Tuple due(Turn turn, Instant last) {
        return Tuple.of(
                endpoint,
                turn.payer().value(),
                Rows.utc(last),
                Rows.utc(turn.moment().routedThrough()));
    }
}
