package io.tallygate.routing.testing;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.testing.TestPostgres;
import java.util.UUID;

/** Events in any state, put together by hand. */
public final class TestEvents {
    private final TestPostgres postgres;

    public TestEvents(TestPostgres postgres) {
        this.postgres = postgres;
    }

    /** An event of all rows of the payer that wait, in this state. */
    public UUID compose(SubscriptionId payer, String state) {
        return compose(payer, state, "true");
    }

    /** An event of those rows of the payer that wait and meet the condition, in this state. */
    public UUID compose(SubscriptionId payer, String state, String condition) {
        UUID key = UUID.randomUUID();
        String rows = "event_row where payer_subscription_id = '" + payer
                + "' and event_key is null and not netted and (" + condition + ")";
        postgres.execute("select ensure_partitions(max(reported_time)) from event_row");
        postgres.execute(
                """
                insert into delivery_event (payer_subscription_id, reported_time, event_key, endpoint, dimension,
                  effective_time, quantity, record_count, row_count, body, body_hash, state)
                select payer_subscription_id, max(reported_time), '${key}', min(endpoint), min(dimension), max(usage_time),
                  sum(quantity), sum(record_count), count(*), '', '', '${state}'
                from ${rows} group by payer_subscription_id;
                update event_row r set event_time = d.reported_time, event_key = d.event_key
                from delivery_event d
                where d.event_key = '${key}'
                  and (r.subscription_id, r.reported_time, r.seq) in (
                    select subscription_id, reported_time, seq from ${rows})""".replace("${key}", key.toString()).replace("${state}", state).replace("${rows}", rows));
        return key;
    }

    /** Changes the event, as senders and operators do. */
    public void set(UUID event, String assignments) {
        postgres.execute("update delivery_event set " + assignments + " where event_key = '" + event + "'");
    }
}
