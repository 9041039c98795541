package io.tallygate.routing.delivery;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.commerce.SubmissionResult;
import io.tallygate.routing.testing.Events;
import io.tallygate.routing.testing.FakeEndpoint;
import io.tallygate.routing.testing.Observed;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.Database;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.testing.TcpProxy;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveryVerticleIT {
    private static final EndpointConfig.Breaker PATIENT = new EndpointConfig.Breaker(1_000_000, Duration.ofMillis(200));
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final SubscriptionId PAYER = RoutingWorld.customer();

    private final Vertx vertx = Vertx.vertx();
    private final TestPostgres postgres = TestPostgres.fresh();
    private final Database database = Database.open(vertx, postgres.config());
    private final Events events = new Events(postgres);
    private final Observed observed = new Observed();
    private final FakeEndpoint fake = new FakeEndpoint(5);

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void composesUntilNothingIsDueAndDeliversIt() {
        AtomicInteger rounds = new AtomicInteger(3);
        start(config(2, PATIENT), database, () -> {
            if (rounds.getAndDecrement() <= 0) {
                return Future.succeededFuture(0);
            }
            return vertx.executeBlocking(() -> {
                events.pending(FakeEndpoint.NAME, PAYER, 7);
                return 7;
            });
        });
        eventually(() -> assertThat(events.states()).containsExactly("delivered|21"));
        assertThat(observed.lines)
                .filteredOn(line -> line.startsWith("composed"))
                .containsOnly("composed 7")
                .hasSize(3);
        assertThat(fake.billed()).isEqualTo(21);
    }

    @Test
    void payerWhoseSubmissionsHangHoldsUpNoOther() {
        events.pending(FakeEndpoint.NAME, PAYER, 200);
        for (int i = 0; i < 10; i++) {
            events.pending(FakeEndpoint.NAME, RoutingWorld.customer(), 30);
        }
        Map<UUID, Integer> hanging = new ConcurrentHashMap<>();
        fake.answer = submission -> {
            if (submission.payer().equals(PAYER)) {
                hanging.put(submission.id(), submission.events().size());
                return Promise.<SubmissionResult>promise().future();
            }
            return fake.bill(submission);
        };
        start(config(3, PATIENT), database, DeliveryVerticleIT::nothing);
        eventually(() -> assertThat(fake.billed()).isEqualTo(300));
        assertThat(hanging).isNotEmpty();
        assertThat(postgres.query("select count(*) from delivery_event where payer_subscription_id = '" + PAYER
                        + "' and state = 'pending'"))
                .containsExactly("200");
    }

    @Test
    void noConnectionIsUsedWhileTheEndpointThinks() {
        DatabaseConfig all = postgres.config();
        DatabaseConfig one = new DatabaseConfig(
                all.url(), all.user(), all.password(), 1, 10, all.connectTimeout(), all.statementTimeout());
        Database single = Database.open(vertx, one);
        events.pending(FakeEndpoint.NAME, PAYER, 12);
        fake.answer = submission -> single.read(connection ->
                        connection.query("select count(*) from delivery_hold").execute())
                .compose(free -> fake.bill(submission));
        start(config(1, PATIENT), single, DeliveryVerticleIT::nothing);
        eventually(() -> assertThat(events.states()).containsExactly("delivered|12"));
        assertThat(postgres.query("select count(*) from delivery_ledger")).containsExactly("12");
        await(single.close());
    }

    @Test
    void atMostSoManySubmissionsAreUnderWay() {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            events.pending(FakeEndpoint.NAME, RoutingWorld.customer(), 20);
        }
        Promise<Void> three = Promise.promise();
        fake.answer = submission -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            if (most.get() == 3) {
                three.tryComplete();
            }
            return three.future()
                    .compose(reached -> vertx.timer(20))
                    .compose(waited -> fake.bill(submission))
                    .onComplete(done -> underWay.decrementAndGet());
        };
        start(config(3, PATIENT), database, DeliveryVerticleIT::nothing);
        eventually(() -> assertThat(events.states()).containsExactly("delivered|100"));
        assertThat(most).hasValue(3);
    }

    @Test
    void nothingIsSentWhileTheEndpointWishesSo() {
        events.pending(FakeEndpoint.NAME, PAYER, 5);
        events.pending(FakeEndpoint.NAME, RoutingWorld.customer(), 5);
        fake.answer =
                submission -> Future.succeededFuture(SubmissionResult.ofAll(submission, Outcome.Throttled, null, null)
                        .retryingAfter(Optional.of(Duration.ofMinutes(10))));
        start(config(1, PATIENT), database, DeliveryVerticleIT::nothing);
        eventually(() -> assertThat(postgres.query("select count(*) from delivery_ledger"))
                .containsExactly("5"));
        events.timePasses();
        Awaitility.await()
                .during(INTERVAL.multipliedBy(6))
                .untilAsserted(() -> assertThat(fake.submissions).hasSize(1));
        assertThat(postgres.query("select sum(attempts) from delivery_event")).containsExactly("5");
    }

    @Test
    void openBreakerIsTriedByOneSubmissionAndThenAllGoOut() {
        events.pending(FakeEndpoint.NAME, PAYER, 50);
        fake.answer = submission -> FakeEndpoint.all(submission, Outcome.Refused);
        DeliveryVerticle verticle = verticle(
                new Endpoint(config(1, new EndpointConfig.Breaker(2, Duration.ofMillis(200))), fake),
                DeliveryVerticleIT::nothing);
        assertThat(verticle.breaker(FakeEndpoint.NAME)).isEmpty();
        await(vertx.deployVerticle(verticle));
        assertThat(verticle.breaker("other")).isEmpty();
        eventually(() -> assertThat(observed.lines).contains("breaker open", "breaker half_open"));
        eventually(() -> assertThat(verticle.breaker(FakeEndpoint.NAME)).contains(BreakerState.OPEN));
        fake.answer = fake::bill;
        eventually(() -> {
            events.timePasses();
            assertThat(events.states()).containsExactly("delivered|50");
        });
        assertThat(observed.lines).contains("breaker closed");
        assertThat(verticle.breaker(FakeEndpoint.NAME)).contains(BreakerState.CLOSED);
        assertThat(postgres.query("select count(*) from delivery_ledger where outcome = 'BreakerOpen'"))
                .as("nothing is claimed only to be told that the breaker is open")
                .containsExactly("0");
    }

    @Test
    void stoppedVerticleEndsWhatIsUnderWayAndClaimsNothingMore() {
        events.pending(FakeEndpoint.NAME, PAYER, 20);
        Promise<Void> answer = Promise.promise();
        fake.answer = submission -> answer.future().compose(now -> fake.bill(submission));
        String id = start(config(1, PATIENT), database, DeliveryVerticleIT::nothing);
        eventually(() -> assertThat(fake.submissions).hasSize(1));
        Future<Void> stopped = vertx.undeploy(id);
        assertThat(stopped.isComplete()).isFalse();
        answer.complete();
        await(stopped);
        assertThat(events.states()).containsExactly("delivered|5", "pending|15");
        assertThat(postgres.query("select count(lease_token), count(unknown_since) from delivery_event"))
                .containsExactly("0|0");
        assertThat(fake.submissions).hasSize(1);
    }

    @Test
    void twoGatewaysBillEachEventOnce() {
        for (int i = 0; i < 4; i++) {
            events.pending(FakeEndpoint.NAME, RoutingWorld.customer(), 50);
        }
        start(config(2, PATIENT), database, DeliveryVerticleIT::nothing);
        start(config(2, PATIENT), database, DeliveryVerticleIT::nothing);
        eventually(() -> assertThat(events.states()).containsExactly("delivered|200"));
        assertThat(postgres.query("select count(*), count(distinct event_key), bool_or(fenced) from delivery_ledger"))
                .containsExactly("200|200|f");
        assertThat(fake.submissions.stream()
                        .mapToInt(one -> one.events().size())
                        .sum())
                .isEqualTo(200);
    }

    @Test
    void outageOfTheStoreEndsByItself() {
        TcpProxy proxy = new TcpProxy(vertx, postgres);
        Database behind = Database.open(vertx, postgres.config(proxy.port()));
        events.pending(FakeEndpoint.NAME, PAYER, 60);
        fake.answer = submission -> {
            if (fake.submissions.size() % 4 == 0) {
                proxy.loseCommits(1);
            }
            return fake.bill(submission);
        };
        start(config(1, PATIENT), behind, DeliveryVerticleIT::nothing);
        eventually(() -> {
            events.timePasses();
            assertThat(events.states()).containsExactly("delivered|60");
        });
        assertThat(proxy.lostCommits()).isPositive();
        assertThat(fake.billed()).isEqualTo(60);
        assertThat(postgres.query("select count(distinct event_key) from delivery_ledger where outcome in ('Accepted',"
                        + " 'Duplicate') and not fenced"))
                .containsExactly("60");
        proxy.close();
    }

    @Test
    void warnsOfEventsThatGetOld() {
        FakeEndpoint forgetful = new FakeEndpoint(5, Optional.of(Duration.ofHours(24)), Optional.empty());
        postgres.execute("insert into delivery_hold (reason) values ('test')");
        events.pending(FakeEndpoint.NAME, PAYER, 3);
        postgres.execute("update delivery_event set effective_time = effective_time - interval '20 hours'");
        events.pending(FakeEndpoint.NAME, PAYER, 2);
        // Another endpoint's backlog must not hide them.
        events.pending("other", PAYER, 10_001);
        postgres.execute("select ensure_partitions(clock_timestamp() - interval '1 hour'); update delivery_event"
                + " set reported_time = reported_time - interval '1 hour' where endpoint = 'other'");
        deploy(new Endpoint(config(1, PATIENT), forgetful), database, DeliveryVerticleIT::nothing);
        eventually(() -> assertThat(observed.lines).contains("expiring 3 3h"));
    }

    private static EndpointConfig config(int concurrency, EndpointConfig.Breaker breaker) {
        return FakeEndpoint.config(concurrency, Duration.ofMillis(100), breaker);
    }

    private String start(EndpointConfig config, Database database, Supplier<Future<Integer>> composer) {
        return deploy(new Endpoint(config, fake), database, composer);
    }

    private String deploy(Endpoint endpoint, Database database, Supplier<Future<Integer>> composer) {
        return await(vertx.deployVerticle(
                new DeliveryVerticle(database, List.of(endpoint), ignored -> composer, observed, INTERVAL)));
    }

    private DeliveryVerticle verticle(Endpoint endpoint, Supplier<Future<Integer>> composer) {
        return new DeliveryVerticle(database, List.of(endpoint), ignored -> composer, observed, INTERVAL);
    }

    private static Future<Integer> nothing() {
        return Future.succeededFuture(0);
    }

    private static void eventually(ThrowingRunnable holds) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(holds);
    }
}
