package io.tallygate.store;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads of tenants over a pool of one connection: nothing of a viewer meets the next one, however its read ended. */
class TenantReadsIT {
    private static final String WHO = "select current_user || ' ' || coalesce(viewer_tenant()::text, 'nobody')";
    private static final String SEEN =
            "select coalesce(string_agg(display_name, ' ' order by display_name), '')" + " from subscription";
    private static final String SLOW = "select 'slow' from pg_sleep(30)";
    private static final UUID A = UUID.randomUUID();
    private static final UUID B = UUID.randomUUID();

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final TestPostgres postgres = TestPostgres.fresh();
    private final Database database =
            Database.open(vertx, DatabaseIT.config(postgres.config().url(), 1, 10, Duration.ofMillis(500)));

    @BeforeEach
    void fill() {
        postgres.execute("""
                insert into subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id)
                select id, tenant, name, '', 'Enabled', id
                from (values (gen_random_uuid(), '%s'::uuid, 'a'), (gen_random_uuid(), '%s'::uuid, 'b')) s (id, tenant, name)
                """.formatted(A, B));
    }

    @AfterEach
    void close() {
        await(database.close());
        await(vertx.close());
    }

    private String as(Viewer viewer, String sql) {
        return await(database.read(viewer, connection -> text(connection, sql)));
    }

    private static Future<String> text(SqlConnection connection, String sql) {
        return connection
                .preparedQuery(sql)
                .execute()
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getString(0));
    }

    private void assertNothingIsLeft() {
        String who = await(database.read(connection -> text(connection, WHO)));
        assertThat(who).isEqualTo("tallygate_app nobody");
        String seen = await(database.read(connection -> text(connection, SEEN)));
        assertThat(seen).isEqualTo("a b");
        assertThat(postgres.query("select count(*) from pg_stat_activity where usename = 'tallygate_app'"
                        + " and datname = current_database() and state like 'idle in transaction%'"))
                .containsExactly("0");
    }

    // The same statements, so that they are prepared once and planned for whoever runs them.
    @Test
    void everyViewerSeesItsOwnOnTheSameConnection() {
        String process = as(Viewer.operator(), "select pg_backend_pid()::text");
        for (int round = 0; round < 3; round++) {
            assertThat(as(Viewer.operator(), SEEN)).isEqualTo("a b");
            assertThat(as(Viewer.ofTenant(A), SEEN)).isEqualTo("a");
            assertThat(as(Viewer.ofTenant(B), SEEN)).isEqualTo("b");
            assertThat(as(Viewer.ofTenant(UUID.randomUUID()), SEEN)).isEmpty();
            assertThat(as(Viewer.ofTenant(A), WHO)).isEqualTo("tallygate_app_tenant " + A);
            assertNothingIsLeft();
        }
        assertThat(as(Viewer.ofTenant(A), "select pg_backend_pid()::text")).isEqualTo(process);
    }

    // What is asked from one thread may overtake what was asked from another: no transaction may.
    @Test
    void manyAtOnceFromAllThreadsSeeTheirOwn() {
        Database shared =
                Database.open(vertx, DatabaseIT.config(postgres.config().url(), 8, 1000, Duration.ofSeconds(10)));
        Map<Viewer, String> seen = Map.of(Viewer.ofTenant(A), "a", Viewer.ofTenant(B), "b", Viewer.operator(), "a b");
        List<Future<Void>> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            seen.forEach((viewer, expected) -> {
                Promise<Void> reader = Promise.promise();
                // A context of its own each: they are spread over all event loops.
                ((VertxInternal) vertx)
                        .createEventLoopContext()
                        .runOnContext(
                                now -> readAgain(shared, viewer, expected, 1000).onComplete(reader));
                readers.add(reader.future());
            });
        }
        await(Future.all(readers));
        await(shared.close());
    }

    private static Future<Void> readAgain(Database database, Viewer viewer, String expected, int times) {
        return database.read(viewer, connection -> text(connection, SEEN)).compose(seen -> {
            if (!expected.equals(seen)) {
                return Future.failedFuture(new AssertionError("Saw " + seen + " instead of " + expected));
            }
            return times == 1 ? Future.succeededFuture() : readAgain(database, viewer, expected, times - 1);
        });
    }

    @Test
    void aStatementThatFailsLeavesNothing() {
        assertThatThrownBy(() -> as(Viewer.ofTenant(A), "select 1 / 0")).isInstanceOf(PgException.class);
        assertNothingIsLeft();
    }

    @Test
    void aStatementThatIsEndedForItsTimeLeavesNothing() {
        assertThatThrownBy(() -> as(Viewer.ofTenant(A), SLOW)).isInstanceOf(StoreUnavailableException.class);
        assertNothingIsLeft();
    }

    @Test
    void workThatThrowsLeavesNothing() {
        assertThatThrownBy(() -> await(database.read(Viewer.ofTenant(A), connection -> {
                    throw new IllegalStateException("in the work");
                })))
                .hasMessage("in the work");
        assertNothingIsLeft();
    }

    @Test
    void workThatFailsAfterItsStatementLeavesNothing() {
        assertThatThrownBy(() -> await(database.read(
                        Viewer.ofTenant(A),
                        connection -> text(connection, SEEN).compose(seen -> Future.failedFuture("afterwards")))))
                .hasMessage("afterwards");
        assertNothingIsLeft();
    }

    @Test
    void aFailureThatTheWorkRecoversFromLeavesNothing() {
        String recovered = await(database.read(
                Viewer.ofTenant(A),
                connection ->
                        text(connection, "select (1 / 0)::text").recover(failed -> Future.succeededFuture("well"))));
        assertThat(recovered).isEqualTo("well");
        assertNothingIsLeft();
    }

    @Test
    void aBackendThatIsTerminatedInMidReadIsNotNoticed() {
        Future<String> read =
                database.read(Viewer.ofTenant(A), connection -> text(connection, "select 'a' from pg_sleep(0.3)"));
        org.awaitility.Awaitility.await().until(() -> !sleeping().isEmpty());
        postgres.execute("select pg_terminate_backend(" + sleeping().get(0) + ")");
        assertThat(await(read)).isEqualTo("a");
        assertNothingIsLeft();
    }

    private List<String> sleeping() {
        return postgres.query("select pid from pg_stat_activity where state = 'active' and query like '%pg_sleep(%'"
                + " and usename = 'tallygate_app' and datname = current_database()");
    }

    @Test
    void aViewersTransactionReadsWhatItMayAndNothingElse() {
        postgres.execute("select ensure_partitions('2026-03-01Z')");
        for (String forbidden : List.of(
                "insert into subscription select * from subscription",
                "update subscription set display_name = 'x'",
                "delete from subscription",
                "insert into audit_entry (tenant_id, subject, action, target, detail, correlation_id)"
                        + " values (gen_random_uuid(), '', '', '', '', '')",
                "create table tallygate.mine (a int)",
                "select nextval('delivery_lease')",
                "select ensure_partitions(now())",
                "select * from instance",
                "select * from usage_record",
                "select * from usage_identity",
                "select * from quarantined_record",
                "select * from registration",
                "select * from customer_subscription",
                "select * from delivery_event",
                "select * from delivery_ledger",
                "select * from window_state",
                "select * from meter",
                "select * from flyway_schema_history",
                "select * from usage_hourly_2026_03",
                "select claim_identities('{}', '{}', '{}', '{}')")) {
            assertThatThrownBy(() -> as(Viewer.ofTenant(A), forbidden))
                    .as(forbidden)
                    .isInstanceOfSatisfying(
                            PgException.class,
                            refused -> assertThat(refused.getSqlState()).isIn("42501", "25006"));
        }
        assertNothingIsLeft();
    }

    // Whoever made it a transaction that may write has the tenant role still, which may not.
    @Test
    void theTenantRoleWritesNothingWhereItCould() {
        for (String write : List.of(
                "delete from subscription",
                "update subscription set display_name = 'x'",
                "delete from usage_hourly",
                "truncate usage_daily")) {
            assertThatThrownBy(() -> await(database.read(
                            Viewer.ofTenant(A),
                            connection -> connection
                                    .query("set transaction read write")
                                    .execute()
                                    .compose(set -> connection.query(write).execute()))))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            refused -> assertThat(refused.getSqlState()).isEqualTo("42501"));
        }
        assertNothingIsLeft();
    }
}
