package io.tallygate.store;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationsIT {
    private static final int MIGRATIONS = Migrations.VERSION;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void twoAtOnceOnAnEmptyDatabaseMigrateItOnce() throws Exception {
        TestPostgres postgres = TestPostgres.unmigrated();
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            Future<Integer> one = both.submit(() -> Migrations.migrate(postgres.migrationConfig()));
            Future<Integer> other = both.submit(() -> Migrations.migrate(postgres.migrationConfig()));
            assertThat(one.get(60, TimeUnit.SECONDS) + other.get(60, TimeUnit.SECONDS))
                    .isEqualTo(MIGRATIONS);
        } finally {
            both.shutdownNow();
        }
        assertThat(postgres.query("select count(*) from tallygate.meter")).isNotEqualTo(List.of("0"));
        assertThat(postgres.query("select obj_description('tallygate'::regnamespace, 'pg_namespace')"))
                .containsExactly("Tallygate, schema version " + Migrations.VERSION);
        assertThat(Migrations.migrate(postgres.migrationConfig())).isZero();
    }

    @Test
    void rolesAreCreatedOrReused() throws SQLException {
        TestPostgres postgres = TestPostgres.unmigrated();
        MigrationConfig config = new MigrationConfig(
                postgres.migrationConfig().url(),
                postgres.migrationConfig().adminUser(),
                postgres.migrationConfig().adminPassword(),
                "another \"owner\"",
                "it's a secret",
                "another application",
                "it's one too");
        assertThat(Migrations.migrate(config)).isEqualTo(MIGRATIONS);
        assertThat(postgres.query(
                        "select rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolcanlogin from pg_roles"
                                + " where rolname like 'another %'"))
                .containsExactlyInAnyOrder(
                        "another \"owner\"|f|f|f|f|t",
                        "another application|f|f|f|f|t",
                        "another application_tenant|f|f|f|f|f",
                        "another application_readonly|f|f|f|f|f",
                        "another application_auditor|f|f|f|f|f");
        assertThat(postgres.query("select roleid::regrole, admin_option from pg_auth_members"
                        + " where member = '\"another application\"'::regrole"))
                .containsExactly("\"another application_tenant\"|f");
        if (grantsSayWhatIsInherited(postgres)) {
            assertThat(postgres.query("select set_option, inherit_option from pg_auth_members"
                            + " where member = '\"another application\"'::regrole"))
                    .containsExactly("t|f");
        }
        assertThat(postgres.query("select distinct tableowner from pg_tables where schemaname = 'tallygate'"))
                .containsExactly("another \"owner\"");
        MigrationConfig withoutAdmin = new MigrationConfig(
                config.url(),
                null,
                null,
                config.ownerUser(),
                config.ownerPassword(),
                config.applicationUser(),
                config.applicationPassword());
        assertThat(Migrations.migrate(withoutAdmin)).isZero();
    }

    @Test
    void rolesThatAreMissingAreSaidWhereNobodyMayMakeThem() throws SQLException {
        // The roles of this server are there, whatever ran before.
        Migrations.migrate(TestPostgres.unmigrated().migrationConfig());
        TestPostgres postgres = TestPostgres.unmigrated();
        postgres.execute("create role unadvised login password 'secret'");
        postgres.execute("create schema tallygate authorization tallygate_owner");
        MigrationConfig config = postgres.migrationConfig();
        MigrationConfig unadvised = new MigrationConfig(
                config.url(), null, null, config.ownerUser(), config.ownerPassword(), "unadvised", "secret");
        assertThatThrownBy(() -> Migrations.migrate(unadvised)).isInstanceOf(IllegalStateException.class);
        assertThat(postgres.query("select * from pg_tables where schemaname = 'tallygate'"))
                .isEmpty();
        try {
            Migrations.migrate(unadvised);
        } catch (IllegalStateException said) {
            String sql = said.getMessage().substring(said.getMessage().indexOf("create role \""));
            assertThat(sql)
                    .isEqualTo("create role \"unadvised_tenant\" nologin; create role \"unadvised_readonly\" nologin;"
                            + " create role \"unadvised_auditor\" nologin;"
                            + " grant \"unadvised_tenant\" to \"unadvised\""
                            + (grantsSayWhatIsInherited(postgres) ? " with inherit false;" : ";"));
            postgres.execute(sql);
        }
        postgres.execute("grant create on database "
                + postgres.query("select current_database()").get(0) + " to tallygate_owner");
        assertThat(Migrations.migrate(unadvised)).isEqualTo(MIGRATIONS);
    }

    @Test
    void aNameThatPostgresWouldCutIsRefused() {
        assertThatThrownBy(() -> new RoleNames("x".repeat(55)))
                .hasMessage("The name of the application role has more than 54 bytes");
        assertThat(new RoleNames("x".repeat(54)).groups()).allMatch(name -> name.length() <= 63);
    }

    @Test
    void whatWasRoutedBeforeThereWasDeliveryIsToBeDelivered() throws SQLException {
        TestPostgres postgres = TestPostgres.unmigrated();
        Migrations.migrate(postgres.migrationConfig(), "3");
        postgres.execute("""
                select ensure_partitions(month) from (values (timestamptz '2026-02-01Z'), ('2026-03-01Z')) m (month);
                insert into routed_usage (payer_subscription_id, reported_time, seq, kind, registration_id, tenant_id,
                  subscription_id, fallback, meter_key, commerce_meter_id, instance_id, usage_time, quantity, record_count)
                select md5('payer')::uuid, time, 7, 'original', 1, md5('tenant')::uuid, md5('local')::uuid, false, 3, 'core',
                  1, time - interval '1 hour', 1.5, 2
                from (values (timestamptz '2026-02-28T23:00Z'), ('2026-03-01T00:00Z')) t (time)""");

        assertThat(Migrations.migrate(postgres.migrationConfig(), "4")).isEqualTo(1);

        assertThat(postgres.query("""
                        select r.tableoid::regclass::text, r.endpoint, r.dimension, r.meter_key, r.quantity, r.record_count,
                          r.netted, r.event_key, u.payer_subscription_id = r.payer_subscription_id
                        from event_row r
                        join routed_usage u using (subscription_id, reported_time, seq, usage_time)
                        order by 1"""))
                .containsExactly(
                        "event_row_2026_02|default|core|3|1.5|2|f|null|t",
                        "event_row_2026_03|default|core|3|1.5|2|f|null|t");
    }

    @Test
    void deadIndexEntriesOfABusyPayerWereLeftUntilAFifthOfTheMonthWasDead() {
        TestPostgres postgres = TestPostgres.fresh();
        postgres.execute("select ensure_partitions('2026-03-01Z')");
        assertThat(postgres.query("select relname, unnest(reloptions) from pg_class where relname like '%_2026_03'"
                        + " and reloptions is not null order by 1, 2"))
                .containsExactly(
                        "delivery_event_2026_03|autovacuum_analyze_scale_factor=0.02",
                        "delivery_event_2026_03|autovacuum_vacuum_scale_factor=0.02",
                        "event_row_2026_03|autovacuum_analyze_scale_factor=0.02",
                        "event_row_2026_03|autovacuum_vacuum_scale_factor=0.02");
    }

    @Test
    void whatWasInTheAuditIsChainedInItsOrder() throws SQLException {
        TestPostgres postgres = TestPostgres.unmigrated();
        Migrations.migrate(postgres.migrationConfig(), "6");
        postgres.execute("""
                insert into audit_entry (audit_id, recorded_at, tenant_id, subject, action, target, reason, detail,
                  correlation_id)
                overriding system value
                select id, time, md5('tenant')::uuid, 'subject ' || id, 'meter.put', 'täglich', reason, '{}', ''
                from (values (2, timestamptz '2026-02-28T23:59:59.999999Z', null), (3, '2026-03-01T00:00Z', 'a'),
                  (7, '2026-03-01T12:00Z', ''), (8, '2026-02-28T12:00Z', 'the clock was put back'),
                  (1000, '2026-03-04T00:00Z', null)) e (id, time, reason)""");

        assertThat(Migrations.migrate(postgres.migrationConfig())).isEqualTo(MIGRATIONS - 6);

        assertThat(postgres.query("select audit_id, subject from audit_entry order by audit_id"))
                .containsExactly("1|subject 2", "2|subject 3", "3|subject 7", "4|subject 8", "5|subject 1000");
        assertThat(postgres.query("""
                        select audit_id from audit_entry
                        where hash = audit_hash(previous_hash, audit_id, recorded_at, tenant_id, subject, action, target,
                            reason, detail, correlation_id)
                          and previous_hash = coalesce(
                            (select before.hash from audit_entry before where before.audit_id = audit_entry.audit_id - 1),
                            decode(repeat('00', 32), 'hex'))""")).hasSize(5);
        assertThat(postgres.query("select day, audit_id, hash = (select hash from audit_entry e"
                        + " where e.audit_id = h.audit_id) from audit_day_head h order by day"))
                .containsExactly("2026-02-28|1|t", "2026-03-01|4|t");
        assertThat(postgres.query("select day, audit_id, hash = (select hash from audit_entry e"
                        + " where e.audit_id = h.audit_id) from audit_head h"))
                .containsExactly("2026-03-04|5|t");
    }

    @Test
    void whatWasSealedBeforeIsCountedBySourceAndGatewaysOfBeforeSealNoMore() throws SQLException {
        TestPostgres postgres = TestPostgres.unmigrated();
        Migrations.migrate(postgres.migrationConfig(), "9");
        postgres.execute("""
                select ensure_partitions('2026-03-01Z');
                insert into usage_record (reported_hour, subscription_id, meter_key, instance_id, usage_hour, usage_start,
                  usage_end, quantity, reported_at, source, record_id)
                select timestamptz '2026-03-01T00:00Z' + make_interval(hours => reported), md5('s')::uuid, 1, 1, used, used,
                  used, 1, now(), source, n
                from (values (0, 0, 'a', 1), (0, -1, 'a', 2), (1, -1, 'a', 3), (1, 1, 'b', 4), (2, 2, 'a', 5))
                  r (reported, usage, source, n)
                cross join lateral (select timestamptz '2026-03-01T00:00Z' + make_interval(hours => usage) as used) u;
                update window_state set first_hour = '2026-03-01T00:00Z', sealed_through = '2026-03-01T02:00Z',
                  closed_through = '2026-03-01T02:00Z';
                insert into usage_window (reported_hour, record_count, aggregate_count)
                values ('2026-03-01T00:00Z', 2, 2), ('2026-03-01T01:00Z', 2, 2)""");

        Migrations.migrate(postgres.migrationConfig());

        assertThat(postgres.query("select source, extract(hour from usage_hour at time zone 'UTC'),"
                        + " extract(hour from reported_hour at time zone 'UTC'), record_count from usage_source_hour"
                        + " order by source, usage_hour, reported_hour"))
                .containsExactly("a|23|0|1", "a|23|1|1", "a|0|0|1", "b|1|1|1");
        assertThat(postgres.query("select late_record_count, began_at from usage_window order by reported_hour"))
                .containsExactly("0|null", "1|null");
        assertThatThrownBy(() -> postgres.execute(
                        "insert into usage_window (reported_hour, record_count, aggregate_count, summary_count)"
                                + " values ('2026-03-01T02:00Z', 1, 1, 1)"))
                .hasMessageContaining("late_record_count");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table tallygate.mine (a int)",
                "create table public.mine (a int)",
                "drop table audit_entry",
                "alter table subscription disable trigger all",
                "truncate usage_record",
                "update audit_entry set reason = 'another'",
                "delete from audit_entry",
                "insert into audit_entry select * from audit_entry",
                "update audit_head set audit_id = 0",
                "insert into audit_day_head values (current_date, 1, '')",
                "select audit_field('')",
                "update usage_record set quantity = 0",
                "delete from usage_record",
                "delete from usage_identity",
                "update usage_hourly set quantity = 0",
                "delete from usage_daily",
                "update usage_window set record_count = 0",
                "update usage_source_hour set record_count = 1",
                "delete from usage_source_hour",
                "update usage_by_day set usage_day = usage_day",
                "delete from usage_by_day",
                "update usage_report_day set usage_day = usage_day",
                "delete from usage_report_day",
                "delete from subscription",
                "delete from customer_subscription",
                "update customer_subscription set effective_from = effective_from",
                "update routed_usage set quantity = 0",
                "delete from routed_usage",
                "update event_row set quantity = 0",
                "delete from event_row",
                "update delivery_event set body = ''",
                "update delivery_event set body_hash = ''",
                "update delivery_event set quantity = 0",
                "delete from delivery_event",
                "update delivery_ledger set outcome = 'Accepted'",
                "delete from delivery_ledger",
                "truncate delivery_ledger",
                "update retention_state set least = '62 days'",
                "update dropped_day set quantity = 0",
                "select note_dropped_days(now())",
                "update delivery_slot set event_key = event_key",
                "insert into window_state default values",
                "delete from window_state",
                "select * from flyway_schema_history",
                "select rolpassword from pg_authid",
                "copy subscription to '/dev/null'",
                "create role intruder",
                "set role tallygate_owner",
                "set role tallygate_app_readonly",
                "set role tallygate_app_auditor",
                "alter table subscription disable row level security",
                "drop policy tenant on subscription",
                "grant tallygate_app_tenant to tallygate_app_readonly",
                "create function tallygate.f() returns int language sql as 'select 1'",
                "alter function payer_of owner to tallygate_app",
            })
    void applicationMayDoOnlyWhatItNeeds(String forbidden) {
        TestPostgres postgres = TestPostgres.fresh();
        Database database = Database.open(vertx, postgres.config());
        try {
            assertThatThrownBy(() -> await(database.transaction(
                            connection -> connection.query(forbidden).execute())))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            refused -> assertThat(refused.getSqlState()).isEqualTo(INSUFFICIENT_PRIVILEGE));
        } finally {
            await(database.close());
        }
    }

    @Test
    void ordinaryRoleIsAccepted() {
        Database database = Database.open(vertx, TestPostgres.fresh().config());
        await(database.requireOrdinaryRole());
        await(database.close());
    }

    @Test
    void superuserAndOwnerAreRefused() {
        TestPostgres postgres = TestPostgres.fresh();
        DatabaseConfig config = postgres.config();
        MigrationConfig admin = postgres.migrationConfig();
        assertThatThrownBy(() -> requireOrdinaryRole(as(config, admin.adminUser(), admin.adminPassword())))
                .hasMessage(
                        "The role `" + admin.adminUser()
                                + "` is a superuser, passes by row level security, or owns the schema or a part of it: use the application role");
        assertThatThrownBy(() -> requireOrdinaryRole(as(config, "tallygate_owner", "owner-secret")))
                .hasMessage(
                        "The role `tallygate_owner` is a superuser, passes by row level security, or owns the schema or a part of it: use the application role");
    }

    @Test
    void memberOfTheOwnerIsRefused() {
        TestPostgres postgres = TestPostgres.fresh();
        postgres.execute("create role member login password 'secret' in role tallygate_owner");
        assertThatThrownBy(() -> requireOrdinaryRole(as(postgres.config(), "member", "secret")))
                .hasMessageContaining("use the application role");
    }

    @Test
    void roleThatPassesByTheWallsOrOwnsAPartOfTheSchemaIsRefused() {
        TestPostgres postgres = TestPostgres.fresh();
        postgres.execute("create role passing login bypassrls password 'secret'");
        assertThatThrownBy(() -> requireOrdinaryRole(as(postgres.config(), "passing", "secret")))
                .hasMessageContaining("use the application role");
        postgres.execute("create role owning login password 'secret'; create table tallygate.theirs (a int);"
                + " alter table tallygate.theirs owner to owning");
        assertThatThrownBy(() -> requireOrdinaryRole(as(postgres.config(), "owning", "secret")))
                .hasMessageContaining("use the application role");
    }

    @Test
    void roleThatCannotBecomeTheTenantRoleIsRefused() {
        TestPostgres postgres = TestPostgres.fresh();
        postgres.execute("create role unwalled login password 'secret'");
        assertThatThrownBy(() -> requireOrdinaryRole(as(postgres.config(), "unwalled", "secret")))
                .hasMessage(
                        "The role `unwalled` cannot become the role of tenants' reads: run `tallygate migrate` first");
    }

    @Test
    void aPostgresThatIsTooOldIsSaid() {
        assertThatThrownBy(() -> Migrations.requireVersion(13, "13.23 (Debian 13.23-1)"))
                .hasMessage("Postgres 14 or later is needed, and this one is 13.23 (Debian 13.23-1)");
        Migrations.requireVersion(14, "14.0");
    }

    @Test
    void missingSchemaIsSaid() {
        TestPostgres.fresh();
        assertThatThrownBy(() -> requireOrdinaryRole(TestPostgres.unmigrated().config()))
                .hasMessage("The schema `tallygate` is missing: run `tallygate migrate` first");
    }

    private static boolean grantsSayWhatIsInherited(TestPostgres postgres) {
        return Integer.parseInt(postgres.query("show server_version_num").get(0)) >= 160_000;
    }

    private void requireOrdinaryRole(DatabaseConfig config) {
        Database database = Database.open(vertx, config);
        try {
            await(database.requireOrdinaryRole());
        } finally {
            await(database.close());
        }
    }

    private static DatabaseConfig as(DatabaseConfig config, String user, String password) {
        return new DatabaseConfig(
                config.url(),
                user,
                password,
                config.poolSize(),
                config.maxWaitQueue(),
                config.connectTimeout(),
                config.statementTimeout());
    }
}
