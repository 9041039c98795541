package io.tallygate.routing.delivery;

import io.tallygate.routing.delivery.NewEvent.State;
import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes new events, and the slots that they use; checks that the rows put into them are what they say. */
final class EventBook {
    // One transaction may take seconds: an event is due when it is there, in the order in which it was made.
    private static final String EVENTS = """
            insert into delivery_event (payer_subscription_id, reported_time, event_key, endpoint, dimension,
              effective_time, quantity, record_count, row_count, body, body_hash, state, reason, settled_at)
            select payer, reported_time, event_key, $1, dimension, effective_time, quantity::numeric, record_count,
              row_count, body, sha256(body), state, reason, case when state <> 'pending' then clock_timestamp() end
            from unnest($2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[], $6::timestamptz[], $7::text[],
                $8::bigint[], $9::integer[], $10::bytea[], $11::text[], $12::text[])
              with ordinality as new (payer, reported_time, event_key, dimension, effective_time, quantity, record_count,
                row_count, body, state, reason, position)
            order by position""";
    private static final String ENTRIES = """
            insert into delivery_ledger (payer_subscription_id, reported_time, event_key, endpoint, outcome, attempt)
            select payer, reported_time, event_key, $1, outcome, 0
            from unnest($2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[])
              as new (payer, reported_time, event_key, outcome)""";
    // The key of the table is the last guard against two events of one hour.
    private static final String SLOTS = """
            insert into delivery_slot (endpoint, payer_subscription_id, dimension, hour, event_key)
            select $1, payer, dimension, hour, event_key
            from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[]) as new (payer, dimension, hour, event_key)""";

    private final String endpoint;
    private final boolean slots;

    /** For events of this endpoint; {@code slots}: whether each one that is sent uses the slot of its hour. */
    EventBook(String endpoint, boolean slots) {
        this.endpoint = endpoint;
        this.slots = slots;
    }

    /**
     * Writes events with their slots; those that are not sent get a ledger entry that says so.
     *
     * @param assigned what a statement says that put the rows into them: event_key, rows, quantity, record_count
     */
    Future<Integer> add(SqlConnection transaction, List<NewEvent> events, RowSet<Row> assigned) {
        List<NewEvent> sent =
                events.stream().filter(event -> event.state() == State.pending).toList();
        List<NewEvent> aside =
                events.stream().filter(event -> event.state() != State.pending).toList();
        return requireWhole(events, assigned)
                .compose(whole -> insert(transaction, EVENTS, columns(events), events))
                .compose(done -> insert(transaction, SLOTS, slots(sent), slots ? sent : List.of()))
                .compose(done -> insert(transaction, ENTRIES, entries(aside), aside))
                .map(events.size());
    }

    private static Future<Void> insert(SqlConnection transaction, String sql, Tuple columns, List<NewEvent> events) {
        return events.isEmpty()
                ? Future.succeededFuture()
                : transaction.preparedQuery(sql).execute(columns).mapEmpty();
    }

    // The rows were summed by one statement and put into events by another: only if both saw the same rows are they
    // billed as they are.
    private static Future<Void> requireWhole(List<NewEvent> events, RowSet<Row> assigned) {
        Map<UUID, Row> byKey = new HashMap<>();
        assigned.forEach(row -> byKey.put(row.getUUID("event_key"), row));
        for (NewEvent event : events) {
            Row row = byKey.remove(event.content().key());
            if (row == null
                    || row.getLong("rows") != event.rowCount()
                    || row.getLong("record_count") != event.content().recordCount()
                    || row.getBigDecimal("quantity").compareTo(event.content().quantity()) != 0) {
                return Future.failedFuture(new IllegalStateException(
                        "Rows changed while the event " + event.content().key() + " was composed: nothing was done"));
            }
        }
        return byKey.isEmpty()
                ? Future.succeededFuture()
                : Future.failedFuture(new IllegalStateException("Rows were put into other events than were composed"));
    }

    private Tuple columns(List<NewEvent> events) {
        return keys(events)
                .addArrayOfString(Rows.array(events, event -> event.content().dimension(), String[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(events, event -> Rows.utc(event.content().effectiveTime()), OffsetDateTime[]::new))
                .addArrayOfString(
                        Rows.array(events, event -> event.content().quantity().toPlainString(), String[]::new))
                .addArrayOfLong(Rows.array(events, event -> event.content().recordCount(), Long[]::new))
                .addArrayOfInteger(Rows.array(events, NewEvent::rowCount, Integer[]::new))
                .addArrayOfBuffer(Rows.array(events, NewEvent::body, Buffer[]::new))
                .addArrayOfString(Rows.array(events, event -> event.state().name(), String[]::new))
                .addArrayOfString(Rows.array(events, NewEvent::reason, String[]::new));
    }

    private Tuple slots(List<NewEvent> events) {
        return Tuple.of(endpoint)
                .addArrayOfUUID(
                        Rows.array(events, event -> event.content().payer().value(), UUID[]::new))
                .addArrayOfString(Rows.array(events, event -> event.content().dimension(), String[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(events, event -> Rows.utc(event.content().effectiveTime()), OffsetDateTime[]::new))
                .addArrayOfUUID(Rows.array(events, event -> event.content().key(), UUID[]::new));
    }

    private Tuple entries(List<NewEvent> events) {
        return keys(events)
                .addArrayOfString(Rows.array(
                        events,
                        event -> event.state() == State.waived ? EventWords.WAIVED : event.reason(),
                        String[]::new));
    }

    private Tuple keys(List<NewEvent> events) {
        return Tuple.of(endpoint)
                .addArrayOfUUID(
                        Rows.array(events, event -> event.content().payer().value(), UUID[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(events, event -> Rows.utc(event.reportedTime()), OffsetDateTime[]::new))
                .addArrayOfUUID(Rows.array(events, event -> event.content().key(), UUID[]::new));
    }
}
