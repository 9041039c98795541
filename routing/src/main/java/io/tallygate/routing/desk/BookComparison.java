package io.tallygate.routing.desk;

import io.tallygate.store.Database;
import io.tallygate.store.Rows;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.audit.AuditTrail;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
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
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares an endpoint's own book with the events here: after a restore that lost something, events may be pending that
 * the endpoint has billed already, under their key or, when their usage was posted again, under another.
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
              select e.payer_subscription_id, e.reported_time, e.event_key, k.book_key::text as book_key
              from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[]) as k (payer, reported_time, key, book_key)
              join delivery_event e on e.payer_subscription_id = k.payer and e.reported_time = k.reported_time
                and e.event_key = k.key
              where e.state in ('pending', 'dead', 'manual') and not %s
              order by e.event_key
              for no key update of e),
            moved as (
              update delivery_event e
              set state = 'delivered', reason = 'Compared', lease_token = null, unknown_since = null,
                settled_at = clock_timestamp(), remote_id = coalesce(d.book_key, e.remote_id)
              from due d
              where e.payer_subscription_id = d.payer_subscription_id and e.reported_time = d.reported_time
                and e.event_key = d.event_key
              returning e.payer_subscription_id, e.reported_time, e.event_key, e.endpoint, e.attempts,
                d.book_key)
            insert into delivery_ledger (payer_subscription_id, reported_time, event_key, endpoint, outcome, attempt,
              remote_id, detail)
            select payer_subscription_id, reported_time, event_key, endpoint, 'Compared', attempts, book_key,
              'the endpoint''s own book has it' || coalesce(' under the key ' || book_key, '')
            from moved
            returning event_key""".formatted(DeliveryEvent.IN_FLIGHT);

    private final Database database;

    /** Works on the given database. */
    public BookComparison(Database database) {
        this.database = database;
    }

    /**
     * What each entry of an endpoint's book is here, in their order. An event is the match of one entry at most, of those
     * that are compared together.
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

    // By key first: an event whose own entry is in the book is no other entry's.
    private static Future<List<BookMatch>> matches(SqlConnection connection, String endpoint, List<BookEntry> entries) {
        Map<Integer, DeliveryEvent> found = new HashMap<>();
        return byKey(connection, endpoint, entries)
                .compose(keyed -> {
                    found.putAll(keyed);
                    List<Integer> unknown = positions(
                            entries,
                            i -> entries.get(i).key() != null
                                    && !found.containsKey(i)
                                    && entries.get(i).hasContent());
                    return ContentSearch.find(connection, endpoint, entries, unknown, keys(found));
                })
                .compose(refound -> {
                    found.putAll(refound);
                    return byContent(connection, endpoint, entries);
                })
                .map(candidates -> assign(entries, found, candidates));
    }

    private static Future<Map<Integer, DeliveryEvent>> byKey(
            SqlConnection connection, String endpoint, List<BookEntry> entries) {
        List<Integer> keyed = positions(entries, i -> entries.get(i).key() != null);
        Tuple keys = Tuple.of(endpoint)
                .addArrayOfInteger(keyed.toArray(Integer[]::new))
                .addArrayOfUUID(Rows.array(keyed, i -> entries.get(i).key(), UUID[]::new));
        return connection.preparedQuery(BY_KEY).execute(keys).map(rows -> {
            Map<Integer, DeliveryEvent> found = new HashMap<>();
            rows.forEach(row -> found.put(row.getInteger("position"), DeliveryEvent.of(row)));
            return found;
        });
    }

    private static Future<Map<Integer, List<DeliveryEvent>>> byContent(
            SqlConnection connection, String endpoint, List<BookEntry> entries) {
        List<Integer> unkeyed = positions(entries, i -> entries.get(i).key() == null);
        Tuple contents = Tuple.of(endpoint)
                .addArrayOfInteger(unkeyed.toArray(Integer[]::new))
                .addArrayOfUUID(Rows.array(unkeyed, i -> entries.get(i).payer().value(), UUID[]::new))
                .addArrayOfString(Rows.array(unkeyed, i -> entries.get(i).dimension(), String[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(unkeyed, i -> Rows.utc(entries.get(i).hour()), OffsetDateTime[]::new));
        return connection.preparedQuery(BY_CONTENT).execute(contents).map(rows -> {
            Map<Integer, List<DeliveryEvent>> found = new HashMap<>();
            rows.forEach(row -> found.computeIfAbsent(row.getInteger("position"), none -> new ArrayList<>())
                    .add(DeliveryEvent.of(row)));
            return found;
        });
    }

    private static List<Integer> positions(List<BookEntry> entries, IntPredicate which) {
        return IntStream.range(0, entries.size()).filter(which).boxed().toList();
    }

    private static Set<UUID> keys(Map<Integer, DeliveryEvent> events) {
        return events.values().stream().map(DeliveryEvent::key).collect(Collectors.toCollection(HashSet::new));
    }

    // Several events may have the same payer, dimension and hour where an endpoint takes more than one: each entry
    // without a key takes the one that fits it best of those that are left.
    private static List<BookMatch> assign(
            List<BookEntry> entries, Map<Integer, DeliveryEvent> found, Map<Integer, List<DeliveryEvent>> candidates) {
        Set<UUID> taken = keys(found);
        List<BookMatch> matches = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            BookEntry entry = entries.get(i);
            BookMatch best = candidates.getOrDefault(i, List.of()).stream()
                    .filter(event -> !taken.contains(event.key()))
                    .map(event -> BookMatch.of(entry, event))
                    .min(Comparator.comparing(BookMatch::kind))
                    .orElse(BookMatch.of(entry, found.get(i)));
            if (best.event() != null) {
                taken.add(best.event().key());
            }
            matches.add(best);
        }
        return matches;
    }

    private static Future<List<BookMatch>> mark(
            SqlConnection transaction, String endpoint, List<BookMatch> matches, Actor actor) {
        List<BookMatch> due = matches.stream().filter(BookMatch::isDue).toList();
        Tuple keys = Tuple.tuple()
                .addArrayOfUUID(Rows.array(due, match -> match.event().payer().value(), UUID[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(due, match -> Rows.utc(match.event().reportedTime()), OffsetDateTime[]::new))
                .addArrayOfUUID(Rows.array(due, match -> match.event().key(), UUID[]::new))
                .addArrayOfUUID(Rows.array(due, BookMatch::bookKey, UUID[]::new));
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
