package io.tallygate.routing.desk;

import io.tallygate.routing.desk.PayerStatus.Sum;
import io.tallygate.store.Database;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads where the usage of each payer is, in pages of payers. */
public final class PayerStore {
    private static final UUID BEFORE_ALL = new UUID(0, 0);
    // Payers with events are found by probes, one index descent each: a payer may have millions.
    private static final String PAGE = """
            with recursive with_events as (
              (select payer_subscription_id from delivery_event
               where payer_subscription_id > $1 order by payer_subscription_id limit 1)
              union all
              select (
                select e.payer_subscription_id from delivery_event e
                where e.payer_subscription_id > p.payer_subscription_id order by e.payer_subscription_id limit 1)
              from with_events p where p.payer_subscription_id is not null),
            waiting as materialized (
              select payer_subscription_id, count(*) as events, sum(record_count)::bigint as records,
                sum(quantity) as quantity
              from event_row
              where event_key is null and not netted and payer_subscription_id > $1
              group by payer_subscription_id),
            page as materialized (
              select payer_subscription_id
              from (
                (select payer_subscription_id from with_events where payer_subscription_id is not null limit $2)
                union
                select payer_subscription_id from payer_hold where payer_subscription_id > $1
                union
                select payer_subscription_id from waiting) payers
              order by payer_subscription_id
              limit $2)
            select p.payer_subscription_id, h.reason as hold_reason, h.automatic, h.held_at, s.state, s.events, s.records,
              s.quantity
            from page p
            left join payer_hold h using (payer_subscription_id)
            left join lateral (
              select e.state, count(*) as events, sum(e.record_count)::bigint as records, sum(e.quantity) as quantity
              from delivery_event e
              where e.payer_subscription_id = p.payer_subscription_id
              group by e.state
              union all
              select 'waiting', w.events, w.records, w.quantity
              from waiting w
              where w.payer_subscription_id = p.payer_subscription_id) s on true
            order by p.payer_subscription_id""";
    private static final String WAITING = "waiting";
    private static final Sum NOTHING = new Sum(0, 0, BigDecimal.ZERO);

    private final Database database;

    /** Reads from the given database. */
    public PayerStore(Database database) {
        this.database = database;
    }

    /**
     * Payers in order of their ids: all that have events, rows that wait for one, or a hold.
     *
     * @param after the last payer of the page before; null for the first page
     */
    public Future<List<PayerStatus>> page(SubscriptionId after, int size) {
        UUID start = after == null ? BEFORE_ALL : after.value();
        return database.read(connection ->
                connection.preparedQuery(PAGE).execute(Tuple.of(start, size)).map(PayerStore::payers));
    }

    private static List<PayerStatus> payers(Iterable<Row> rows) {
        Map<UUID, List<Row>> byPayer = new LinkedHashMap<>();
        rows.forEach(row -> byPayer.computeIfAbsent(row.getUUID("payer_subscription_id"), payer -> new ArrayList<>())
                .add(row));
        return byPayer.values().stream().map(PayerStore::payer).toList();
    }

    private static PayerStatus payer(List<Row> rows) {
        Sum waiting = NOTHING;
        Map<EventState, Sum> events = new EnumMap<>(EventState.class);
        for (Row row : rows) {
            String state = row.getString("state");
            if (state == null) {
                continue;
            }
            Sum sum = new Sum(row.getLong("events"), row.getLong("records"), row.getBigDecimal("quantity"));
            if (state.equals(WAITING)) {
                waiting = sum;
            } else {
                events.put(EventState.named(state).orElseThrow(), sum);
            }
        }
        Row first = rows.get(0);
        return new PayerStatus(
                new SubscriptionId(first.getUUID("payer_subscription_id")), Hold.of(first), waiting, events);
    }
}
