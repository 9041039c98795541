package io.tallygate.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.testing.TestPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** The schema of a version that there was is brought up to date while it is full, read and written. */
final class BusyMigration {
    // What any version has; nobody may wait longer than this for a migration.
    static final String PATIENCE = "set lock_timeout = '3s'; set search_path = tallygate; ";
    private static final String USAGE = """
            insert into subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id)
            select md5('s' || s)::uuid, md5('t' || s)::uuid, 'Test', '', 'Enabled', md5('s1')::uuid
            from generate_series(1, 20) s;
            insert into instance (subscription_id, digest, resource_uri, location, instance_data)
            select md5('s' || s)::uuid, decode(md5('i'), 'hex'), '/i', 'local', '"{}"' from generate_series(1, 20) s;
            insert into meter (meter_id, name, resource_provider, unit, deprecated, chargeable, overlapping,
              commerce_meter_id)
            values ('m', 'm', 'm', 'm', false, true, '{}', 'm');
            select ensure_partitions('2026-03-01Z');
            insert into usage_record (reported_hour, subscription_id, meter_key, instance_id, usage_hour, usage_start,
              usage_end, quantity, reported_at, source, record_id)
            select h, subscription_id, 1, instance_id, h, h, h, 0.1, now(), 'full', h || ' ' || instance_id
            from instance, generate_series('2026-03-01Z'::timestamptz, '2026-03-10T23:00Z', '1 hour') h;
            insert into usage_identity (source, record_id, payload_hash, reported_hour)
            select source, record_id, '', reported_hour from usage_record;
            insert into usage_hourly (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
              record_count)
            select reported_hour, row_number() over (partition by reported_hour order by subscription_id), subscription_id,
              meter_key, instance_id, usage_hour, quantity, 1
            from usage_record;
            insert into usage_daily (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
              record_count)
            select d, row_number() over (partition by d order by subscription_id), subscription_id, 1, instance_id, d, 2.4, 24
            from instance, generate_series('2026-03-01Z'::timestamptz, '2026-03-10Z', '1 day') d;
            update window_state set first_hour = '2026-03-01Z', sealed_through = '2026-03-11Z', closed_through = '2026-03-11Z'""";
    private static final String WINDOWS = """
            insert into usage_window (reported_hour, record_count, aggregate_count%s)
            select h, 20, 20%s from generate_series('2026-03-01Z'::timestamptz, '2026-03-10T23:00Z', '1 hour') h""";
    private static final String ROUTED = """
            insert into routed_usage (payer_subscription_id, reported_time, seq, kind, registration_id, tenant_id,
              subscription_id, fallback, meter_key, commerce_meter_id, instance_id, usage_time, quantity, record_count)
            select md5('payer')::uuid, reported_time, seq, 'original', 1, md5('t')::uuid, subscription_id, false, 1, 'm',
              instance_id, usage_time, quantity, 1
            from usage_hourly;
            update routing_state set routed_through = '2026-03-11Z'""";
    private static final String DELIVERED = """
            insert into event_row (subscription_id, reported_time, seq, endpoint, payer_subscription_id, dimension, meter_key,
              usage_time, quantity, record_count)
            select subscription_id, reported_time, seq, 'default', payer_subscription_id, 'm', 1, usage_time, quantity, 1
            from routed_usage
            where not exists (select from event_row);
            insert into delivery_ledger (payer_subscription_id, reported_time, event_key, endpoint, outcome, attempt)
            select md5('payer')::uuid, reported_time, gen_random_uuid(), 'default', 'Accepted', 1 from usage_hourly""";
    private static final List<String> READS = List.of(
            "select count(*) from usage_hourly",
            "select count(*) from usage_daily",
            "select count(*) from usage_record where reported_hour >= '2026-03-10Z'",
            "select count(*) from usage_window",
            "select count(*) from subscription join instance using (subscription_id)",
            "select count(*) from audit_entry",
            "select closed_through from window_state");

    private static final String DEADLOCK = "40P01";

    private BusyMigration() {}

    /** Of this version. */
    static void from(int version) throws Exception {
        TestPostgres postgres = TestPostgres.unmigrated();
        MigrationsTo.version(postgres, Integer.toString(version));
        fill(postgres, version);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<String> told = new ArrayList<>();
        try {
            Future<Integer> reading = threads.submit(() -> repeat(done, postgres, n -> READS.get(n % READS.size())));
            Future<Integer> writing = threads.submit(() -> repeat(done, postgres, BusyMigration::record));
            Migrations.migrate(postgres.migrationConfig(), told::add);
            done.set(true);
            assertThat(reading.get()).isPositive();
            int written = writing.get();
            assertThat(postgres.query("select count(*) from usage_record where source = 'busy'"))
                    .containsExactly(Integer.toString(written));
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
        assertThat(told).contains("Migration 13: retention");
        assertThat(postgres.query("select count(*), trim_scale(sum(quantity)) from usage_hourly"))
                .containsExactly("4800|480");
        assertThat(postgres.query("select trim_scale(sum(quantity)), sum(record_count) from usage_by_day"))
                .containsExactly(version < 10 ? "480|4800" : "null|null");
    }

    private static void fill(TestPostgres postgres, int version) {
        postgres.execute(USAGE);
        postgres.execute(WINDOWS.formatted(
                (version >= 10 ? ", summary_count" : "") + (version >= 12 ? ", late_record_count" : ""),
                (version >= 10 ? ", 0" : "") + (version >= 12 ? ", 0" : "")));
        postgres.execute(ROUTED);
        if (version >= 4) {
            postgres.execute(DELIVERED);
        }
        if (version < 7) {
            postgres.execute("insert into audit_entry (tenant_id, subject, action, target, detail, correlation_id)"
                    + " select md5('t')::uuid, 's', 'a', 't', '{}', n::text from generate_series(1, 2000) n");
        }
    }

    private static String record(int n) {
        return """
                insert into usage_identity (source, record_id, payload_hash, reported_hour)
                values ('busy', '%1$d', '', '2026-03-11Z');
                insert into usage_record (reported_hour, subscription_id, meter_key, instance_id, usage_hour, usage_start,
                  usage_end, quantity, reported_at, source, record_id)
                select '2026-03-11Z', subscription_id, 1, instance_id, '2026-03-11Z', '2026-03-11Z', '2026-03-11Z', 1, now(),
                  'busy', '%1$d'
                from instance limit 1""".formatted(n);
    }

    private interface Statement {
        String of(int number);
    }

    private static int repeat(AtomicBoolean done, TestPostgres postgres, Statement statement) {
        int count = 0;
        while (!done.get() || count == 0) {
            // A little time for the migration: there may be one processor.
            executeAsAGatewayDoes(postgres, PATIENCE + statement.of(count) + "; select pg_sleep(0.02)");
            count++;
        }
        return count;
    }

    // What Postgres undid to end a deadlock is done again.
    private static void executeAsAGatewayDoes(TestPostgres postgres, String sql) {
        try {
            postgres.execute(sql);
        } catch (IllegalStateException failed) {
            if (!(failed.getCause() instanceof SQLException sqlFailure) || !DEADLOCK.equals(sqlFailure.getSQLState())) {
                throw failed;
            }
            postgres.execute(sql);
        }
    }
}
