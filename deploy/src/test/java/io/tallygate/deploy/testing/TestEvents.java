package io.tallygate.deploy.testing;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.testing.TestPostgres;
import java.time.Instant;
import java.util.UUID;

/** Writes delivery events and routed rows as composing would, for tests of what operators do with them. */
public final class TestEvents {
    private final TestPostgres postgres;
    private int seq;

    /** Writes to this database. */
    public TestEvents(TestPostgres postgres) {
        this.postgres = postgres;
    }

    /** An event of one row, pending and due; {@code reportedHour} is a whole hour. */
    public UUID pending(UUID payer, SubscriptionId subscription, Instant reportedHour, String quantity) {
        UUID key = UUID.randomUUID();
        seq++;
        String time = "timestamptz '" + reportedHour + "'";
        postgres.execute("select ensure_partitions(" + time + ");"
                + """
                insert into event_row (subscription_id, reported_time, seq, endpoint, payer_subscription_id, dimension,
                  meter_key, usage_time, quantity, record_count, event_time, event_key)
                select 'SUBSCRIPTION', TIME, SEQ, 'default', 'PAYER', 'core', min(meter_key), TIME, QUANTITY, 2, TIME, 'KEY'
                from meter;
                insert into delivery_event (payer_subscription_id, reported_time, event_key, endpoint, dimension,
                  effective_time, quantity, record_count, row_count, body, body_hash)
                values ('PAYER', TIME, 'KEY', 'default', 'core', TIME, QUANTITY, 2, 1,
                  convert_to('{"quantity":QUANTITY}', 'UTF8'), sha256(convert_to('{"quantity":QUANTITY}', 'UTF8')))
                """.replace("SUBSCRIPTION", subscription.toString())
                        .replace("PAYER", payer.toString())
                        .replace("KEY", key.toString())
                        .replace("TIME", time)
                        .replace("SEQ", Integer.toString(seq))
                        .replace("QUANTITY", quantity));
        return key;
    }

    /** A routed row that is in no event. */
    public void waiting(UUID payer, SubscriptionId subscription, Instant reportedHour, String quantity) {
        UUID key = pending(payer, subscription, reportedHour, quantity);
        postgres.execute("update event_row set event_time = null, event_key = null where event_key = '" + key
                + "'; delete from delivery_event where event_key = '" + key + "'");
    }

    /** Changes columns of an event, as {@code state = 'dead', reason = 'Expired'}. */
    public void set(UUID key, String columns) {
        postgres.execute("update delivery_event set " + columns + " where event_key = '" + key + "'");
    }

    /** A column of an event, as text. */
    public String get(UUID key, String column) {
        return postgres.query("select " + column + " from delivery_event where event_key = '" + key + "'")
                .get(0);
    }

    /** Adds a ledger entry of an attempt. */
    public void attempt(UUID key, String outcome, String detail) {
        postgres.execute(
                """
                insert into delivery_ledger (payer_subscription_id, reported_time, event_key, endpoint, outcome, attempt,
                  lease_token, submission_id, detail)
                select payer_subscription_id, reported_time, event_key, endpoint, 'OUTCOME', 1, 1, gen_random_uuid(), 'DETAIL'
                from delivery_event where event_key = 'KEY'
                """.replace("OUTCOME", outcome).replace("DETAIL", detail).replace("KEY", key.toString()));
    }
}
