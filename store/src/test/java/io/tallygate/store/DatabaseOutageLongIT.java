package io.tallygate.store;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.testing.Await;
import io.tallygate.store.testing.StoreWorld;
import io.tallygate.store.testing.TcpProxy;
import io.tallygate.store.testing.TestPostgres;
import io.tallygate.store.usage.IngestOutcome;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.UsageRecord;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabaseOutageLongIT {
    private final Vertx vertx = Vertx.vertx();
    private final TestPostgres postgres = TestPostgres.fresh();
    private final TcpProxy proxy = new TcpProxy(vertx, postgres);

    @AfterEach
    void close() {
        proxy.close();
        await(vertx.close());
    }

    @Test
    void recordsWhoseCommitWasNotAnsweredAreStoredOnce() {
        try (StoreWorld world = new StoreWorld(postgres, postgres.config(proxy.port()))) {
            for (int i = 0; i < 20; i++) {
                proxy.loseCommits(1);
                assertThat(world.ingest(world.record("a" + i, "1"), world.record("b" + i, "2")))
                        .allMatch(outcome -> outcome.equals("Accepted") || outcome.equals("Duplicate"));
                assertThat(proxy.lostCommits()).isEqualTo(i + 1);
            }
            assertThat(postgres.query(
                            "select count(*), count(distinct record_id), sum(quantity)::int from usage_record"))
                    .containsExactly("40|40|60");
        }
    }

    @Test
    void batchWhoseCommitIsNeverAnsweredIsUnknownAndMayBeSentAgain() {
        try (StoreWorld world = new StoreWorld(postgres, postgres.config(proxy.port()))) {
            proxy.loseCommits(3);
            UsageRecord record = world.record("a", "1");
            assertThatThrownBy(() -> world.ingest(record)).isInstanceOf(StoreUnavailableException.class);
            assertThat(world.ingest(record)).containsExactly("Duplicate");
            assertThat(postgres.query("select count(*) from usage_record")).containsExactly("1");
        }
    }

    @Test
    void silentServerFailsItsCallersByTheDeadlineAndGivesItsConnectionsBack() {
        DatabaseConfig config = DatabaseIT.config(postgres.config(proxy.port()).url(), 3, 10, Duration.ofMillis(500));
        try (StoreWorld world = new StoreWorld(postgres, config)) {
            ingestAll(world, "warm").forEach(Await::await);
            proxy.fallSilent();
            List<Future<List<IngestOutcome>>> calls = ingestAll(world, "silent");
            Future<?> waiting = world.records.ingest(List.of(world.record("waiting", "1")), ReportedAt.NOW);
            assertThatThrownBy(() -> await(waiting)).isInstanceOf(StoreBusyException.class);
            calls.forEach(call -> assertThatThrownBy(() -> await(call)).isInstanceOf(StoreUnavailableException.class));
            proxy.heal();
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> world.ingest(world.record("after", "1")), outcome -> true);
            for (int i = 0; i < 10; i++) {
                assertThat(world.ingest(world.record("t" + i, "1"))).containsExactly("Accepted");
            }
        }
    }

    @Test
    void connectionsThatWereBeingMadeWhenTheServerFellSilentAreGivenUp() {
        DatabaseConfig config = DatabaseIT.config(postgres.config(proxy.port()).url(), 3, 10, Duration.ofMillis(500));
        try (StoreWorld world = new StoreWorld(postgres, config)) {
            proxy.fallSilent();
            ingestAll(world, "silent")
                    .forEach(call -> assertThatThrownBy(() -> await(call))
                            .isInstanceOfAny(StoreBusyException.class, StoreUnavailableException.class));
            // Those three stay silent for ever, new ones are served.
            proxy.heal();
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> world.ingest(world.record("after", "1")), outcome -> true);
        }
    }

    @Test
    void connectionsMayBeIdleForLongerThanOneMayBeMade() throws InterruptedException {
        DatabaseConfig config = DatabaseIT.config(postgres.config().url(), 1, 10, Duration.ofMillis(500));
        Database database = Database.open(vertx, config);
        int first = backend(database);
        Thread.sleep(config.connectTimeout().multipliedBy(3).toMillis());
        assertThat(backend(database)).isEqualTo(first);
        await(database.close());
    }

    private static int backend(Database database) {
        return await(database.read(connection ->
                        connection.query("select pg_backend_pid()").execute()))
                .iterator()
                .next()
                .getInteger(0);
    }

    @Test
    void longWorkWhoseServerFellSilentIsGivenUpLongBeforeItsTimeIsOver() {
        Database database = Database.open(vertx, postgres.config(proxy.port()));
        Promise<Void> silent = Promise.promise();
        Future<?> work = database.longTransaction(connection -> {
            proxy.fallSilent();
            silent.complete();
            return connection.query("select 1").execute();
        });
        await(silent.future());
        // Old connections stay silent for ever, new ones are served: the server can be asked about the old one.
        proxy.heal();
        assertThatThrownBy(() -> await(work)).isInstanceOf(StoreUnavailableException.class);
        await(database.close());
    }

    @Test
    void longWorkThatIsAtItIsNotGivenUp() {
        Database database = Database.open(vertx, postgres.config());
        assertThat(await(database.longTransaction(connection ->
                                connection.query("select pg_sleep(12)").execute()))
                        .size())
                .isOne();
        await(database.close());
    }

    private static List<Future<List<IngestOutcome>>> ingestAll(StoreWorld world, String id) {
        return IntStream.range(0, 3)
                .mapToObj(i -> world.records.ingest(List.of(world.record(id + i, "1")), ReportedAt.NOW))
                .toList();
    }
}
