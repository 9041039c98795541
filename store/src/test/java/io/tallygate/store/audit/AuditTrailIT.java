package io.tallygate.store.audit;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.Database;
import io.tallygate.store.Viewer;
import io.tallygate.store.audit.AuditStore.Order;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditTrailIT {
    private static final AuditFilter ANY = new AuditFilter(null, null, null, null, null, null);
    private static final String BROKEN = """
            select e.audit_id from audit_entry e left join audit_entry before on before.audit_id = e.audit_id - 1
            where e.hash <> audit_hash(e.previous_hash, e.audit_id, e.recorded_at, e.tenant_id, e.subject, e.action,
                e.target, e.reason, e.detail, e.correlation_id)
              or e.previous_hash <> coalesce(before.hash, decode(repeat('00', 32), 'hex'))
              or e.recorded_at < before.recorded_at""";

    private final Vertx vertx = Vertx.vertx();
    private final TestPostgres postgres = TestPostgres.fresh();
    private final UUID tenant = UUID.randomUUID();
    private Database database;
    private AuditStore audit;

    @BeforeEach
    void open() {
        database = Database.open(vertx, postgres.config());
        audit = new AuditStore(database);
    }

    @AfterEach
    void close() {
        await(database.close());
        await(vertx.close());
    }

    private AuditNote note(UUID actorsTenant, String action, String target) {
        return new AuditNote(new Actor(actorsTenant, "somebody", action + "-request"), action, target, null, "{}");
    }

    private Future<Void> append(Database in, AuditNote note) {
        return in.transaction(transaction -> AuditTrail.append(
                transaction, note.actor(), note.action(), note.target(), note.reason(), note.detail()));
    }

    private List<Long> ids(Viewer viewer, AuditFilter filter, Order order, Long after, int size) {
        return await(audit.page(viewer, filter, order, after, size)).stream()
                .map(AuditEntry::id)
                .toList();
    }

    @Test
    void twoGatewaysAtOnceMakeOneChainAndWhatIsRolledBackLeavesNoGap() {
        Database other = Database.open(vertx, postgres.config());
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Database one = i % 2 == 0 ? database : other;
            AuditNote note = note(tenant, "test.append", "number " + i);
            all.add(append(one, note));
            if (i % 5 == 0) {
                all.add(one.transaction(transaction -> AuditTrail.append(transaction, List.of(note, note))
                                .compose(appended -> Future.failedFuture("another thought")))
                        .otherwiseEmpty());
            }
        }
        await(Future.all(all));
        await(other.close());

        assertThat(postgres.query("select audit_id from audit_entry order by audit_id"))
                .isEqualTo(
                        LongStream.rangeClosed(1, 100).mapToObj(Long::toString).toList());
        assertThat(postgres.query(BROKEN)).isEmpty();
        assertThat(postgres.query(
                        "select h.audit_id, h.hash = e.hash from audit_head h join audit_entry e using (audit_id)"))
                .containsExactly("100|t");
    }

    @Test
    void theHeadOfADayIsKeptWhenTheNextDayBegins() {
        await(append(database, note(tenant, "test.first", "a")));
        postgres.execute("update audit_head set day = day - 3");
        await(audit.append(List.of(note(tenant, "test.second", "b"), note(tenant, "test.third", "c"))));

        List<AuditEntry> entries = await(audit.page(Viewer.operator(), ANY, Order.OLDEST_FIRST, null, 10));
        List<AuditHead> heads = await(audit.heads(null, 10));
        assertThat(heads)
                .extracting(AuditHead::id, AuditHead::hash, AuditHead::ended)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, entries.get(0).hash(), true),
                        org.assertj.core.groups.Tuple.tuple(3L, entries.get(2).hash(), false));
        assertThat(heads.get(0).day()).isEqualTo(heads.get(1).day().minusDays(3));
        assertThat(await(audit.heads(heads.get(0).day(), 10))).containsExactly(heads.get(1));
        assertThat(await(audit.heads(null, 1))).containsExactly(heads.get(0));
    }

    @Test
    void aClockThatWasPutBackEndsNoDay() {
        await(append(database, note(tenant, "test.first", "a")));
        postgres.execute("update audit_head set day = day + 2");
        await(append(database, note(tenant, "test.second", "b")));

        assertThat(postgres.query("select * from audit_day_head")).isEmpty();
        assertThat(postgres.query("select audit_id, day - current_date from audit_head"))
                .containsExactly("2|2");
    }

    @Test
    void whoeverFallsSilentWithTheHeadLosesItSoon() {
        String timeout = await(database.transaction(
                transaction -> AuditTrail.append(transaction, List.of(note(tenant, "test.silent", "a")))
                        .compose(appended -> transaction
                                .query("show idle_in_transaction_session_timeout")
                                .execute())
                        .map(rows -> rows.iterator().next().getString(0))));
        assertThat(timeout).isEqualTo("5s");
        String after = await(database.read(connection -> connection
                .query("show idle_in_transaction_session_timeout")
                .execute()
                .map(rows -> rows.iterator().next().getString(0))));
        assertThat(after).isEqualTo("30s");
    }

    @Test
    void pagesAreFilteredInEitherOrder() {
        await(audit.append(List.of(
                note(tenant, "test.a", "x"), note(tenant, "test.b", "x"), note(UUID.randomUUID(), "test.a", "y"))));
        Viewer operator = Viewer.operator();
        Instant second = await(audit.page(operator, ANY, Order.OLDEST_FIRST, 1L, 1))
                .get(0)
                .recordedAt();

        assertThat(ids(operator, ANY, Order.OLDEST_FIRST, null, 2)).containsExactly(1L, 2L);
        assertThat(ids(operator, ANY, Order.OLDEST_FIRST, 2L, 2)).containsExactly(3L);
        assertThat(ids(operator, ANY, Order.NEWEST_FIRST, null, 2)).containsExactly(3L, 2L);
        assertThat(ids(operator, ANY, Order.NEWEST_FIRST, 2L, 2)).containsExactly(1L);
        assertThat(ids(operator, filter("test.a", null, null, null), Order.OLDEST_FIRST, null, 9))
                .containsExactly(1L, 3L);
        assertThat(ids(operator, filter(null, "x", null, null), Order.OLDEST_FIRST, null, 9))
                .containsExactly(1L, 2L);
        assertThat(ids(operator, filter(null, null, tenant, null), Order.OLDEST_FIRST, null, 9))
                .containsExactly(1L, 2L);
        assertThat(ids(operator, filter(null, null, null, "somebody"), Order.OLDEST_FIRST, null, 9))
                .hasSize(3);
        assertThat(ids(operator, filter(null, null, null, "nobody"), Order.OLDEST_FIRST, null, 9))
                .isEmpty();
        assertThat(ids(operator, new AuditFilter(second, null, null, null, null, null), Order.OLDEST_FIRST, null, 9))
                .containsExactly(2L, 3L);
        assertThat(ids(operator, new AuditFilter(null, second, null, null, null, null), Order.OLDEST_FIRST, null, 9))
                .containsExactly(1L);
    }

    @Test
    void aTenantSeesItsOwnEntriesWhateverIsAskedFor() {
        UUID stranger = UUID.randomUUID();
        await(audit.append(List.of(note(stranger, "test.theirs", "x"), note(tenant, "test.ours", "x"))));
        Viewer viewer = Viewer.ofTenant(tenant);

        assertThat(ids(viewer, ANY, Order.OLDEST_FIRST, null, 9)).containsExactly(2L);
        assertThat(ids(viewer, filter(null, null, stranger, null), Order.OLDEST_FIRST, null, 9))
                .isEmpty();
        assertThat(await(audit.position(viewer, tenant, "test.ours-request"))).contains(2L);
        assertThat(await(audit.position(viewer, stranger, "test.theirs-request")))
                .isEmpty();
        assertThat(await(audit.position(viewer, tenant, "no request"))).isEmpty();
    }

    @Test
    void aTenantReadsNoHeads() {
        for (String table : List.of("audit_head", "audit_day_head")) {
            assertThatThrownBy(() -> await(database.read(
                            Viewer.ofTenant(tenant),
                            connection -> connection
                                    .preparedQuery("select * from " + table)
                                    .execute(Tuple.tuple()))))
                    .hasMessageContaining("permission denied");
        }
    }

    private AuditFilter filter(String action, String target, UUID ofTenant, String subject) {
        return new AuditFilter(null, null, action, target, ofTenant, subject);
    }
}
