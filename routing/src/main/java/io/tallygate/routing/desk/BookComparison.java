package io.tallygate.routing.desk;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Compares an endpoint's own book with the events here: after a restore that lost something, events may be pending that
 * the endpoint has billed already.
 */
public final class BookComparison {
    private static final String BY_KEY = "select i.position, " + DeliveryEvent.COLUMNS + """
             from unnest($2::integer[], $3::uuid[]) as i (position, key)
            join delivery_event e on e.event_key = i.key and e.endpoint = $1""";
    private static final String BY_CONTENT = "select i.position, " + DeliveryEvent.COLUMNS + """
             from unnest($2::integer[], $3::uuid[], $4::text[], $5::timestamptz[]) as i (position, payer, dimension, hour)
            join delivery_event e on e.payer_subscription_id = i.payer and e.endpoint = $1 and e.dimension = i.dimension
              and e.effective_time = i.hour""";
    private static final String HELD = "select from delivery_hold for share";
    private static final String APPLY = """
            with due as materialized (
              select e.payer_subscription_id, e.reported_time, e.event_key
              from unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) as k (payer, reported_time, key)
              join delivery_event e on e.payer_subscription_id = k.payer and e.reported_time = k.reported_time
                and e.event_key = k.key
              where e.state in ('pending', 'dead', 'manual') and not %s
              order by e.event_key
              for no key update of e),
            moved as (
              update delivery_event e
              set state = 'delivered', reason = 'Compared', lease_token = null, unknown_since = null,
                settled_at = clock_timestamp()
              from due d
              where e.payer_subscription_id = d.payer_subscription_id and e.reported_time = d.reported_time
                and e.event_key = d.event_key
              returning e.payer_subscription_id, e.reported_time, e.event_key, e.endpoint, e.attempts)
            insert into delivery_ledger (payer_subscription_id, reported_time, event_key, endpoint, outcome, attempt, detail)
            select payer_subscription_id, reported_time, event_key, endpoint, 'Compared', attempts,
              'the endpoint''s own book has it'
            from moved
            returning event_key""".formatted(DeliveryEvent.IN_FLIGHT);

    private final Database database;

    /** Works on the given database. */
    public BookComparison(Database database) {
        this.database = database;
    }

    /**
     * What each entry of an endpoint's book is here, in their order. An event is the match of one entry at most.
     *
     * @param entries without one key twice
     */
    public Future<List<BookMatch>> compare(String endpoint, List<BookEntry> entries) {
        return database.read(connection -> matches(connection, endpoint, entries));
    }

    /**
     * The same, and marks what matches as delivered, in one transaction.
     *
     * @return empty if deliveries are not held as a whole: what is being sent cannot be compared
     */
    public Future<Optional<List<BookMatch>>> apply(String endpoint, List<BookEntry> entries, Actor actor) {
        return database.transaction(transaction -> transaction
                .preparedQuery(HELD)
                .execute(Tuple.tuple())
                .compose(held -> held.size() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : matches(transaction, endpoint, entries)
                                .compose(matches -> mark(transaction, endpoint, matches, actor))
                                .map(Optional::of)));
    }

    private static Future<List<BookMatch>> matches(SqlConnection connection, String endpoint, List<BookEntry> entries) {
        List<Integer> keyed = positions(entries, true);
        List<Integer> unkeyed = positions(entries, false);
        Tuple keys = Tuple.of(endpoint)
                .addArrayOfInteger(keyed.toArray(Integer[]::new))
                .addArrayOfUUID(Rows.array(keyed, i -> entries.get(i).key(), UUID[]::new));
        Tuple contents = Tuple.of(endpoint)
                .addArrayOfInteger(unkeyed.toArray(Integer[]::new))
                .addArrayOfUUID(Rows.array(unkeyed, i -> entries.get(i).payer().value(), UUID[]::new))
                .addArrayOfString(Rows.array(unkeyed, i -> entries.get(i).dimension(), String[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(unkeyed, i -> Rows.utc(entries.get(i).hour()), OffsetDateTime[]::new));
        return Future.all(
                        connection.preparedQuery(BY_KEY).execute(keys),
                        connection.preparedQuery(BY_CONTENT).execute(contents))
                .map(both -> {
                    Map<Integer, List<DeliveryEvent>> found = new HashMap<>();
                    for (RowSet<Row> rows : both.<RowSet<Row>>list()) {
                        rows.forEach(row -> found.computeIfAbsent(row.getInteger("position"), none -> new ArrayList<>())
                                .add(DeliveryEvent.of(row)));
                    }
                    return assign(entries, found);
                });
    }

    private static List<Integer> positions(List<BookEntry> entries, boolean withKey) {
        return IntStream.range(0, entries.size())
                .filter(i -> (entries.get(i).key() != null) == withKey)
                .boxed()
                .toList();
    }

    // Several events may have the same payer, dimension and hour where an endpoint takes more than one: each
    // entry takes the one that fits it best of those that are left.
    private static List<BookMatch> assign(List<BookEntry> entries, Map<Integer, List<DeliveryEvent>> found) {
        Set<UUID> taken = new HashSet<>();
        List<BookMatch> matches = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            BookEntry entry = entries.get(i);
            BookMatch best = found.getOrDefault(i, List.of()).stream()
                    .filter(event -> !taken.contains(event.key()))
                    .map(event -> BookMatch.of(entry, event))
                    .min(Comparator.comparing(BookMatch::kind))
                    .orElseGet(() -> BookMatch.of(entry, null));
            if (best.event() != null) {
                taken.add(best.event().key());
            }
            matches.add(best);
        }
        return matches;
    }

    private static Future<List<BookMatch>> mark(
            SqlConnection transaction, String endpoint, List<BookMatch> matches, Actor actor) {
        List<DeliveryEvent> due =
                matches.stream().filter(BookMatch::isDue).map(BookMatch::event).toList();
        Tuple keys = Tuple.tuple()
                .addArrayOfUUID(Rows.array(due, event -> event.payer().value(), UUID[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(due, event -> Rows.utc(event.reportedTime()), OffsetDateTime[]::new))
                .addArrayOfUUID(Rows.array(due, DeliveryEvent::key, UUID[]::new));
        Set<UUID> marked = new TreeSet<>();
        return transaction
                .preparedQuery(APPLY)
                .execute(keys)
                .compose(rows -> {
                    rows.forEach(row -> marked.add(row.getUUID("event_key")));
                    return AuditTrail.append(
                            transaction,
                            actor,
                            "deliveries.compare",
                            endpoint,
                            null,
                            new JsonObject()
                                    .put("entries", matches.size())
                                    .put(
                                            "delivered",
                                            marked.stream().map(UUID::toString).toList())
                                    .encode());
                })
                .map(done -> matches.stream()
                        .map(match -> match.event() != null
                                        && marked.contains(match.event().key())
                                ? match.asApplied()
                                : match)
                        .toList());
    }
}
