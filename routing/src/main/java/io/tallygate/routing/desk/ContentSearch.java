package io.tallygate.routing.desk;

import io.tallygate.store.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Finds the events of entries whose keys are not known here: usage that is posted again after a restore falls into other
 * windows, and so its events have other keys.
 */
final class ContentSearch {
    // An event that was marked for an entry before is found again by the entry's key, its remote_id now: so a book may
    // be compared twice. Each entry takes another event. Where an endpoint takes one event an hour, one with another
    // quantity is what differs; elsewhere it is only another event.
    private static final String FIND = """
            with wanted as materialized (
              select position, key, payer, dimension, hour, amount::numeric as quantity
              from unnest($2::integer[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::text[])
                as i (position, key, payer, dimension, hour, amount)),
            candidate as materialized (
              select e.payer_subscription_id as payer, e.reported_time, e.event_key, e.dimension,
                e.effective_time as hour, e.quantity, e.state, e.remote_id, %s as in_flight
              from (select distinct payer from wanted) w
              join delivery_event e on e.payer_subscription_id = w.payer
              where e.endpoint = $1 and not e.event_key = any($8::uuid[])
                and e.effective_time between (select min(hour) from wanted) and (select max(hour) from wanted)
                and (e.state in ('pending', 'dead', 'manual')
                  or e.state = 'delivered' and e.reason = 'Compared' and e.remote_id is not null)),
            before as materialized (
              select distinct on (w.position) w.position, c.payer, c.reported_time, c.event_key
              from wanted w
              join candidate c on c.payer = w.payer and c.dimension = w.dimension and c.hour = w.hour
                and c.state = 'delivered' and c.remote_id = w.key::text
              order by w.position, c.event_key),
            entry as (
              select *, row_number() over (partition by payer, dimension, hour, quantity order by position) as place
              from wanted
              where position not in (select position from before)),
            event as (
              select *, row_number() over (partition by payer, dimension, hour, quantity order by in_flight, event_key)
                as place
              from candidate
              where state <> 'delivered'),
            same as materialized (
              select n.position, e.payer, e.reported_time, e.event_key
              from entry n
              join event e using (payer, dimension, hour, quantity, place)),
            other as (
              select distinct on (e.event_key) n.position, e.payer, e.reported_time, e.event_key
              from entry n
              join event e using (payer, dimension, hour)
              join delivery_slot s on s.endpoint = $1 and s.payer_subscription_id = n.payer
                and s.dimension = n.dimension and s.hour = n.hour and s.event_key = e.event_key
              where n.position not in (select position from same) and e.event_key not in (select event_key from same)
              order by e.event_key, n.position),
            found as (
              select * from before union all select * from same union all select * from other)
            select f.position, %s
            from found f
            join delivery_event e on e.payer_subscription_id = f.payer and e.reported_time = f.reported_time
              and e.event_key = f.event_key""".formatted(DeliveryEvent.IN_FLIGHT, DeliveryEvent.COLUMNS);

    private ContentSearch() {}

    /**
     * The events by the positions of their entries; no event twice.
     *
     * @param positions of entries with key and content
     * @param taken the keys of events that are other entries' already
     */
    static Future<Map<Integer, DeliveryEvent>> find(
            SqlConnection connection,
            String endpoint,
            List<BookEntry> entries,
            List<Integer> positions,
            Collection<UUID> taken) {
        if (positions.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        Tuple parameters = Tuple.of(endpoint)
                .addArrayOfInteger(positions.toArray(Integer[]::new))
                .addArrayOfUUID(Rows.array(positions, i -> entries.get(i).key(), UUID[]::new))
                .addArrayOfUUID(
                        Rows.array(positions, i -> entries.get(i).payer().value(), UUID[]::new))
                .addArrayOfString(Rows.array(positions, i -> entries.get(i).dimension(), String[]::new))
                .addArrayOfOffsetDateTime(
                        Rows.array(positions, i -> Rows.utc(entries.get(i).hour()), OffsetDateTime[]::new))
                .addArrayOfString(
                        Rows.array(positions, i -> entries.get(i).quantity().toString(), String[]::new))
                .addArrayOfUUID(taken.toArray(UUID[]::new));
        return connection.preparedQuery(FIND).execute(parameters).map(rows -> {
            Map<Integer, DeliveryEvent> found = new HashMap<>();
            rows.forEach(row -> found.put(row.getInteger("position"), DeliveryEvent.of(row)));
            return found;
        });
    }
}
