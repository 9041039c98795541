package io.tallygate.deploy.bench;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * A database of its own with one closed hour of records, of 200 subscriptions of 50 tenants under one registration; 40 of
 * the tenants have a customer subscription. Its statements stand on their own and are not the gateway's: a floor must not
 * move with what stands on it.
 */
final class SealingHour {
    /** Its name. */
    static final String DATABASE = "tallygate_sealing";

    private static final int MAPPED_TENANTS = 40;
    private static final List<String> LOAD = List.of(
            """
            insert into registration (subscription_id, resource_group, name, location, billing_model, multi_tenant)
            values ('$BASE', 'azurestack', 'benchmark', 'global', 'PayAsYouUse', true)""",
            """
            insert into subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id,
              registration_id)
            select md5('subscription ' || n)::uuid, md5('tenant ' || n % 50)::uuid, 'Subscription', 'owner@example.com',
              'Enabled', md5('subscription ' || n)::uuid, registration_id
            from registration, generate_series(0, 199) n""",
            """
            insert into customer_subscription (registration_id, tenant_id, customer_subscription_id, effective_from)
            select registration_id, md5('tenant ' || n)::uuid, md5('payer ' || n)::uuid, timestamptz '$HOUR' - interval '1 day'
            from registration, generate_series(0, $MAPPED - 1) n""",
            "select ensure_partitions('$HOUR')",
            "set synchronous_commit = off",
            // Usage comes in no order; 7919 is prime.
            """
            insert into usage_record (reported_hour, subscription_id, meter_key, instance_id, usage_hour, usage_start, usage_end,
              quantity, reported_at, source, record_id)
            select '$HOUR', md5('subscription ' || n % 200)::uuid, meters.keys[1 + n / 200 % 3], n / 600 * 200 + n % 200, '$HOUR',
              '$HOUR', timestamptz '$HOUR' + interval '1 hour', (n % 99991 + 1) * 0.001, now(), '/providers/Microsoft.Compute',
              md5('record ' || n)::uuid
            from (select g * 7919::bigint % $RECORDS as n from generate_series(0, $RECORDS - 1) g) as numbers
            cross join (
              select array_agg(meter_key order by meter_key) as keys from meter where chargeable) as meters""",
            "vacuum (analyze)",
            "checkpoint");
    private static final String[] SEALING = {"""
        insert into usage_hourly (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity, record_count)
        select '$HOUR', row_number() over (order by subscription_id, meter_key, instance_id, usage_hour), subscription_id,
          meter_key, instance_id, usage_hour, sum(quantity), count(*)
        from usage_record
        where reported_hour = '$HOUR'
        group by subscription_id, meter_key, instance_id, usage_hour
        order by subscription_id, meter_key, instance_id, usage_hour""", """
        insert into usage_source_hour (source, usage_hour, reported_hour, record_count)
        select source, usage_hour, '$HOUR', count(*) from usage_record where reported_hour = '$HOUR'
        group by source, usage_hour""", """
        insert into usage_window (reported_hour, record_count, late_record_count, aggregate_count, summary_count)
        select '$HOUR', sum(record_count), 0, count(*), 0 from usage_hourly where reported_time = '$HOUR'""", "update window_state set sealed_through = closed_through"};
    private static final String[] ROUTING = {
        """
        insert into routed_usage (payer_subscription_id, reported_time, seq, kind, registration_id, tenant_id, subscription_id,
          fallback, meter_key, commerce_meter_id, instance_id, usage_time, quantity, record_count)
        select coalesce(c.customer_subscription_id, r.subscription_id), h.reported_time, h.seq, 'original', r.registration_id,
          s.tenant_id, h.subscription_id, c.customer_subscription_id is null, h.meter_key, m.commerce_meter_id,
          h.instance_id, h.usage_time, h.quantity, h.record_count
        from usage_hourly h
        join subscription s using (subscription_id)
        join registration r using (registration_id)
        join meter m using (meter_key)
        left join customer_subscription c on c.registration_id = r.registration_id and c.tenant_id = s.tenant_id
          and c.superseded_at is null and tstzrange(c.effective_from, c.effective_to) @> h.usage_time
        where h.reported_time = '$HOUR'
        order by 1, h.seq""", """
        insert into event_row (subscription_id, reported_time, seq, endpoint, payer_subscription_id, dimension, meter_key,
          usage_time, quantity, record_count)
        select u.subscription_id, u.reported_time, u.seq, r.delivery_endpoint, u.payer_subscription_id, u.commerce_meter_id,
          u.meter_key, u.usage_time, u.quantity, u.record_count
        from routed_usage u join registration r using (registration_id)
        where u.reported_time = '$HOUR'
        order by u.payer_subscription_id, u.seq""", "update routing_state set routed_through = '$HOUR'::timestamptz + interval '1 hour'"
    };

    private final BenchServer server;
    private final int records;
    // Not the last of a day: its rows are not summed here.
    private final Instant hour =
            Instant.now().truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS).plus(10, ChronoUnit.HOURS);

    /** Of so many records. */
    SealingHour(BenchServer server, int records) {
        this.server = server;
        this.records = records;
    }

    void create() throws IOException {
        server.create(DATABASE);
        server.execute(DATABASE, filled(LOAD.toArray(String[]::new)));
    }

    /** Makes the hour closed and not sealed. */
    void unseal() throws IOException {
        server.execute(
                DATABASE,
                filled(
                        "truncate usage_hourly, usage_window, usage_source_hour, usage_by_day, usage_report_day",
                        "update window_state set first_hour = '$HOUR', sealed_through = '$HOUR', closed_through = '$HOUR'::timestamptz + interval '1 hour'",
                        "checkpoint"));
    }

    /** Makes the hour, which is sealed, not routed. */
    void unroute() throws IOException {
        server.execute(
                DATABASE,
                "truncate routed_usage, event_row, routed_exclusion",
                "update routing_state set routed_through = null",
                "checkpoint");
    }

    String[] sealing() {
        return filled(SEALING);
    }

    String[] routing() {
        return filled(ROUTING);
    }

    private String[] filled(String... statements) {
        return List.of(statements).stream()
                .map(sql -> sql.replace("$HOUR", hour.toString())
                        .replace("$RECORDS", Integer.toString(records))
                        .replace("$MAPPED", Integer.toString(MAPPED_TENANTS))
                        .replace("$BASE", new UUID(0xc000000000004000L, 0x8000000000000001L).toString()))
                .toArray(String[]::new);
    }
}
