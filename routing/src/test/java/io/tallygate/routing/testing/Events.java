package io.tallygate.routing.testing;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.testing.TestPostgres;
import java.util.List;
import java.util.UUID;

/** Events in any state as if they had been composed, with rows or without, and what became of them. */
public final class Events {
    private final TestPostgres postgres;

    public Events(TestPostgres postgres) {
        this.postgres = postgres;
        postgres.execute("select ensure_partitions(clock_timestamp())");
    }

    /** New events of a payer, due now, each with a body of its own. */
    public void pending(String endpoint, SubscriptionId payer, int count) {
        postgres.execute("""
                insert into delivery_event (payer_subscription_id, reported_time, event_key, endpoint, dimension,
                  effective_time, quantity, record_count, row_count, body, body_hash)
                select '%s', date_trunc('hour', clock_timestamp(), 'UTC'), gen_random_uuid(), '%s', 'core',
                  date_trunc('hour', clock_timestamp(), 'UTC'), n, 1, 1, convert_to('body ' || n, 'UTF8'),
                  sha256(convert_to('body ' || n, 'UTF8'))
                from generate_series(1, %d) n""".formatted(payer, endpoint, count));
    }

    /** One new event of a payer. */
    public UUID pending(String endpoint, SubscriptionId payer) {
        List<UUID> before = keys();
        pending(endpoint, payer, 1);
        return keys().stream().filter(key -> !before.contains(key)).findFirst().orElseThrow();
    }

    /** All keys there are. */
    public List<UUID> keys() {
        return postgres.query("select event_key from delivery_event").stream()
                .map(UUID::fromString)
                .toList();
    }

    /** The state of each event that there is, with its count: {@code delivered|3}. */
    public List<String> states() {
        return postgres.query("select state, count(*) from delivery_event group by 1 order by 1");
    }

    /** Columns of one event, joined by {@code |}. */
    public String of(UUID key, String columns) {
        return postgres.query("select " + columns + " from delivery_event where event_key = '" + key + "'")
                .get(0);
    }

    /** The ledger of one event in order: outcome, attempt and whether it was fenced, joined by {@code |}. */
    public List<String> ledger(UUID key) {
        return postgres.query("select outcome, attempt, fenced from delivery_ledger where event_key = '" + key
                + "' order by entry_id");
    }

    /** Makes all leases and waits end now. */
    public void timePasses() {
        postgres.execute("update delivery_event set next_attempt_at = clock_timestamp() where state = 'pending'");
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
