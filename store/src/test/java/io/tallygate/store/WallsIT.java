package io.tallygate.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the roles may, as the database itself says it. Tables that come later are held to it too. */
class WallsIT {
    // Everything but partitions, which nobody reaches by themselves, and the migrations' own table.
    private static final String TABLES = """
            select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
            from pg_class c
            where c.relnamespace = 'tallygate'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
              and c.relname <> 'flyway_schema_history'""";

    private static TestPostgres postgres;

    @BeforeAll
    static void migrate() {
        postgres = TestPostgres.fresh();
        postgres.execute("select ensure_partitions('2026-03-01Z')");
    }

    @Test
    void everyTableThatNamesATenantOrASubscriptionIsGuarded() {
        String naming = "select relname from (" + TABLES + ") t where exists (select from pg_attribute a"
                + " where a.attrelid = t.oid and a.attname ~ '(tenant|subscription)_id$')";
        assertThat(postgres.query(naming)).hasSizeGreaterThanOrEqualTo(18);
        assertThat(postgres.query(naming + " and not (relrowsecurity and relforcerowsecurity)"))
                .isEmpty();
    }

    @Test
    void onlyTheGatewayItsOwnerReadersAndAuditorsHaveOpenPolicies() {
        assertThat(postgres.query("""
                        select tablename, policyname, roles from pg_policies
                        where qual = 'true' and not roles <@ array['tallygate_app', 'tallygate_owner',
                          'tallygate_app_readonly', 'tallygate_app_auditor']::name[]""")).isEmpty();
        assertThat(postgres.query("""
                        select distinct cmd from pg_policies
                        where roles && array['tallygate_app_tenant', 'tallygate_app_readonly',
                          'tallygate_app_auditor']::name[]""")).containsExactly("SELECT");
    }

    @Test
    void partitionsAreReachedThroughTheirTables() {
        assertThat(postgres.query("select count(*) > 0 from pg_class where relispartition and relkind = 'r'"))
                .containsExactly("t");
        assertThat(postgres.query("""
                        select c.relname, r.rolname from pg_class c, pg_roles r
                        where c.relnamespace = 'tallygate'::regnamespace and c.relispartition
                          and c.relkind in ('r', 'p') and r.rolname like 'tallygate_app%'
                          and has_any_column_privilege(r.oid, c.oid, 'select, insert, update')""")).isEmpty();
    }

    @Test
    void theTenantRoleReadsOnlyWhatAPolicyFilters() {
        assertThat(readable("tallygate_app_tenant")).contains("subscription", "usage_daily", "usage_hourly");
        assertThat(postgres.query("select relname from (" + TABLES + ") t"
                        + " where has_any_column_privilege('tallygate_app_tenant', t.oid, 'select') and not exists ("
                        + "select from pg_policies p where p.schemaname = 'tallygate' and p.tablename = t.relname"
                        + " and 'tallygate_app_tenant' = any (p.roles) and p.qual ~ 'visible_|viewer_')"))
                .isEmpty();
    }

    @Test
    void theGroupsOnlyRead() {
        for (String role : List.of("tallygate_app_tenant", "tallygate_app_readonly", "tallygate_app_auditor")) {
            assertThat(postgres.query("select relname from (" + TABLES + ") t where has_table_privilege('" + role
                            + "', t.oid, 'insert, update, delete, truncate, references, trigger')"
                            + " or has_any_column_privilege('" + role + "', t.oid, 'insert, update')"))
                    .as(role)
                    .isEmpty();
            assertThat(postgres.query("select relname from pg_class where relnamespace = 'tallygate'::regnamespace"
                            + " and case when relkind = 'S' then has_sequence_privilege('" + role
                            + "', oid, 'usage, update') end"))
                    .as(role)
                    .isEmpty();
            assertThat(postgres.query("select has_schema_privilege('" + role + "', 'tallygate', 'create'),"
                            + " has_database_privilege('" + role + "', current_database(), 'create')"))
                    .containsExactly("f|f");
        }
    }

    @Test
    void readersReadEverythingButSecrets() {
        assertThat(postgres.query("select relname from (" + TABLES + ") t"
                        + " where not has_any_column_privilege('tallygate_app_readonly', t.oid, 'select')"))
                .isEmpty();
        assertThat(postgres.query("""
                        select attrelid::regclass, attname from pg_attribute a
                        where attnum > 0 and attname ~ '(token_hash|activation_key|secret|key_hash)$'
                          and attrelid in (select oid from pg_class where relnamespace = 'tallygate'::regnamespace
                            and relkind in ('r', 'p'))
                          and has_column_privilege('tallygate_app_readonly', attrelid, attnum, 'select')""")).isEmpty();
    }

    @Test
    void auditorsReadTheAuditAndTheLedger() {
        assertThat(readable("tallygate_app_auditor"))
                .contains("audit_entry", "delivery_ledger")
                .allMatch(table -> table.startsWith("audit_") || table.equals("delivery_ledger"));
    }

    private static List<String> readable(String role) {
        return postgres.query("select relname from (" + TABLES + ") t where has_any_column_privilege('" + role
                + "', t.oid, 'select') order by 1");
    }

    @Test
    void theApplicationOwnsNothing() {
        assertThat(postgres.query("""
                        select relname from pg_class where relowner = 'tallygate_app'::regrole
                        union all select proname from pg_proc where proowner = 'tallygate_app'::regrole""")).isEmpty();
    }

    @Test
    void functionsThatRunAsTheOwnerHaveTheirSearchPath() {
        assertThat(postgres.query("select proname from pg_proc where pronamespace = 'tallygate'::regnamespace"
                        + " and prosecdef and not exists (select from unnest(proconfig) set"
                        + " where set ~ '^search_path=tallygate, pg_temp$')"))
                .isEmpty();
        assertThat(postgres.query("select proname from pg_proc where pronamespace = 'tallygate'::regnamespace"
                        + " and prosecdef and has_function_privilege('public', oid, 'execute')"))
                .isEmpty();
    }

    @Test
    void whatIsInUseStaysVisibleToWhomItWasVisible() throws SQLException {
        TestPostgres inUse = TestPostgres.unmigrated();
        Migrations.migrate(inUse.migrationConfig(), "5");
        inUse.execute("""
                select ensure_partitions('2026-03-01Z');
                insert into subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id)
                select md5('s' || s)::uuid, md5('t' || s)::uuid, 's' || s, '', 'Enabled', md5('s1')::uuid
                from generate_series(1, 3) s;
                insert into usage_daily (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
                  record_count)
                select '2026-03-02Z', s, md5('s' || s)::uuid, 1, s, '2026-03-01Z', 1, 1 from generate_series(1, 3) s;
                insert into audit_entry (tenant_id, subject, action, target, detail, correlation_id)
                values (md5('t2')::uuid, 's', 'a', 't', '{}', 'c')""");

        Migrations.migrate(inUse.migrationConfig(), "6");

        for (String role : List.of("tallygate_owner", "tallygate_app", "tallygate_app_readonly")) {
            assertThat(counts(inUse, role, "")).as(role).isEqualTo("3|3");
        }
        assertThat(counts(inUse, "tallygate_app_tenant", "")).isEqualTo("0|0");
        // The others are direct tenants of the first one's subscription.
        assertThat(counts(inUse, "tallygate_app_tenant", md5("t1"))).isEqualTo("3|3");
        assertThat(counts(inUse, "tallygate_app_tenant", md5("t3"))).isEqualTo("1|1");
        assertThat(counts(inUse, "tallygate_app_tenant", md5("s3"))).isEqualTo("0|0");
    }

    private static String counts(TestPostgres postgres, String role, String viewer) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set role " + role + "; set tallygate.tenant = '" + viewer + "'");
            ResultSet counts = statement.executeQuery(
                    "select (select count(*) from subscription), (select count(*) from usage_daily)");
            counts.next();
            return counts.getString(1) + "|" + counts.getString(2);
        }
    }

    private static String md5(String name) {
        return postgres.query("select md5('" + name + "')::uuid").get(0);
    }
}
