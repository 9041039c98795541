package io.tallygate.deploy.streams;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.BulkUsage;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.StreamCaller;
import io.tallygate.deploy.testing.StreamCaller.Reading;
import io.tallygate.deploy.testing.StreamCaller.Received;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.OwnPostgres;
import io.tallygate.store.testing.ReplicatedPostgres;
import io.tallygate.store.testing.TcpProxy;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sealed usage is read from a streaming replica, as far as it has it: nobody who asks can tell. */
@OwnPostgres("makes a replica of it")
@Timeout(120)
class ReplicaIT {
    private static final Vertx VERTX = Vertx.vertx();
    // Rows without their instances, which are in memory by then: some of them.
    private static final long PART = 200_000;

    @TempDir
    static Path directory;

    private static ReplicatedPostgres postgres;
    private static TcpProxy proxy;
    private static TestGateway gateway;
    private static TestGateway alone;
    private static BulkUsage usage;

    @BeforeAll
    static void start() {
        postgres = new ReplicatedPostgres(directory);
        usage = new BulkUsage(postgres.primary(), 400, 48);
        proxy = new TcpProxy(VERTX, postgres.replicaPort());
        // Started first: it makes the entries of the audit that the other looks for on the replica.
        alone = TestGateway.paused(postgres.primary());
        postgres.catchUp();
        gateway = TestGateway.replicated(postgres.primary(), postgres.replica(proxy.port()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        alone.close();
        proxy.close();
        postgres.close();
        await(VERTX.close());
    }

    @BeforeEach
    void replicaIsUsed() {
        proxy.heal();
        postgres.resume();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> health(gateway), ready -> !ready.contains("eplica"));
    }

    private static HttpCaller operator(TestGateway of) {
        return HttpCaller.operator(of);
    }

    private static HttpCaller tenant(TestGateway of) {
        return HttpCaller.of(of, usage.tenant, Role.USAGE_READ);
    }

    private static StreamCaller stream() {
        return StreamCaller.of(gateway, usage.tenant, Role.USAGE_READ);
    }

    private static String days(Instant to) {
        return usage.path("Daily", BulkUsage.START, to, "");
    }

    private static String summary() {
        return "/usage/summary?from=2026-03-01&to=2026-04-01&granularity=daily";
    }

    private static void same(String path) {
        for (boolean everyone : new boolean[] {true, false}) {
            Answer there = (everyone ? operator(gateway) : tenant(gateway)).get(path);
            Answer here = (everyone ? operator(alone) : tenant(alone)).get(path);
            assertThat(there.status()).as(there.body()).isEqualTo(200);
            assertThat(there.body().replace(gateway.url().toString(), ""))
                    .isEqualTo(here.body().replace(alone.url().toString(), ""));
        }
    }

    private static long reads(String outcome) {
        Matcher count = Pattern.compile("tallygate_replica_reads_total\\{outcome=\"" + outcome + "\"} ([0-9.E]+)")
                .matcher(get(gateway, "/metrics"));
        assertThat(count.find()).isTrue();
        return (long) Double.parseDouble(count.group(1));
    }

    private static String health(TestGateway of) {
        return get(of, "/health/ready");
    }

    private static String get(TestGateway of, String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(of.managementUrl() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** One more sealed day, with as many rows of other instances' numbers. */
    private static void sealNextDay(Instant day) {
        postgres.primary().execute("""
                insert into usage_daily (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
                  record_count)
                select 'DAY', seq, subscription_id, meter_key, instance_id, 'DAY', quantity, record_count
                from usage_daily where reported_time = '2026-03-01Z';
                update window_state set sealed_through = timestamptz 'DAY' + interval '1 day',
                  closed_through = timestamptz 'DAY' + interval '1 day'""".replace("DAY", day.toString()));
    }

    @Test
    void whatIsSealedComesFromTheReplica() {
        long before = reads("answered");
        long failed = reads("failed");
        same(days(usage.end()));
        same(summary());
        try (StreamCaller caller = stream()) {
            assertThat(caller.get(usage.path("Hourly", "&$format=ndjson")).rows())
                    .isEqualTo(usage.rows());
            assertThat(caller.head(days(usage.end())).headers().get("x-row-count"))
                    .isEqualTo("800");
        }
        assertThat(reads("answered")).isGreaterThanOrEqualTo(before + 14);
        assertThat(reads("failed")).isEqualTo(failed);
    }

    @Test
    void aWindowThatIsNotReplayedYetComesFromThePrimary() {
        Instant next = Instant.parse(postgres.primary()
                .query(
                        "select to_char(sealed_through at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') from window_state")
                .get(0));
        Instant end = next.plus(Duration.ofDays(1));
        postgres.pause();
        sealNextDay(next);

        long answered = reads("answered");
        long notReplayed = reads("notReplayed");
        same(days(end));
        same(summary());
        assertThat(tenant(gateway)
                        .get(usage.path("Daily", next, end, ""))
                        .json()
                        .path("value"))
                .hasSize(400);
        assertThat(reads("answered")).isEqualTo(answered);
        assertThat(reads("notReplayed")).isGreaterThanOrEqualTo(notReplayed + 5);
        same(days(next));
        assertThat(reads("answered")).isGreaterThan(answered);

        postgres.resume();
        long replayed = reads("answered");
        same(days(end));
        assertThat(reads("answered")).isGreaterThan(replayed);
    }

    @Test
    void aReadThatIsInTheWayOfWhatIsReplayedIsDoneAnewOnThePrimary() throws SQLException {
        TestPostgres primary = postgres.primary();
        long failed = reads("failed");
        CompletableFuture<Answer> answer;
        try (Connection part = primary.connect();
                Connection whole = primary.connect();
                Statement lockPart = part.createStatement();
                Statement lockWhole = whole.createStatement()) {
            part.setAutoCommit(false);
            whole.setAutoCommit(false);
            lockPart.execute("lock table usage_daily_2026_03 in access exclusive mode");
            postgres.catchUp();
            answer = CompletableFuture.supplyAsync(() -> tenant(gateway).get(days(usage.end())));
            // It has locked the table, and waits for its part.
            Awaitility.await()
                    .until(
                            () -> postgres.onReplica(
                                    "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                            + " and usename = 'tallygate_app'"),
                            "1"::equals);
            lockWhole.execute("lock table only usage_daily in access exclusive mode");
            postgres.catchUp();
            Awaitility.await().until(() -> reads("failed") > failed);
            whole.rollback();
            part.rollback();
        }
        assertThat(answer.join().status()).isEqualTo(200);
        assertThat(answer.join().json().path("value")).hasSize(800);
        assertThat(health(gateway)).doesNotContain("eplica");
    }

    @Test
    void aStreamGoesOnOnThePrimaryAndTheReplicaIsUsedAgainOnceItIsBack() {
        try (StreamCaller caller = stream()) {
            Received whole = caller.get(usage.path("Hourly", "&$format=ndjson"));
            proxy.goAwayAfter(PART);
            Reading part = caller.open(usage.path("Hourly", "&$format=ndjson"));
            part.resume();
            await(part.end());
            assertThat(part.sha256()).isEqualTo(whole.digest());
            assertThat(part.trailer("x-row-count")).isEqualTo(Long.toString(usage.rows()));
        }
        // It is looked for every second once it has failed, and only then.
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> proxy.refused() > 0);
        long answered = reads("answered");
        same(days(usage.end()));
        assertThat(reads("answered")).isEqualTo(answered);
        assertThat(health(gateway)).contains("\"status\":\"UP\"", "The replica is not used");
        proxy.heal();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            same(days(usage.end()));
            return reads("answered") > answered;
        });
    }

    @Test
    void aGrantEndsAtOnceWhateverTheReplicaHasReplayed() {
        TestWorld world = new TestWorld(gateway);
        UUID payer = UUID.randomUUID();
        world.map(world.registration(UUID.randomUUID(), "north"), payer, usage.tenant, null);
        postgres.primary().execute("""
                insert into routed_daily (payer_subscription_id, reported_time, seq, subscription_id, meter_key,
                  commerce_meter_id, instance_id, usage_time, quantity, record_count)
                select 'PAYER', reported_time, 1, subscription_id, meter_key, 'core', instance_id, usage_time, quantity, 1
                from usage_daily where reported_time = '2026-03-01Z' and seq = 1""".replace("PAYER", payer.toString()));
        TenantId reseller = new TenantId(UUID.randomUUID());
        String grant = world.grant(reseller, null, payer);
        HttpCaller caller = HttpCaller.of(gateway, reseller, Role.USAGE_READ);
        String path = days(usage.end()).replace(usage.subscription.toString(), payer.toString());
        assertThat(caller.get(path).json().path("value")).hasSize(1);
        postgres.catchUp();
        postgres.pause();

        long answered = reads("answered");
        assertThat(operator(gateway).delete("/grants/" + grant).status()).isEqualTo(204);
        assertThat(caller.get(path).status()).isEqualTo(403);
        assertThat(reads("answered")).isEqualTo(answered);
    }

    @Test
    void anotherDatabaseIsNeverTakenForTheReplica() {
        TestPostgres other = TestPostgres.fresh();
        BulkUsage theirs = new BulkUsage(other, 10, 48);
        try (TestGateway filling = TestGateway.paused(other);
                TestGateway misled = TestGateway.replicated(postgres.primary(), other.config())) {
            assertThat(health(filling)).doesNotContain("eplica");
            Awaitility.await().until(() -> health(misled), ready -> ready.contains("it is no copy"));
            assertThat(HttpCaller.operator(misled).get(theirs.path("Daily", "")).status())
                    .isNotEqualTo(200);
            assertThat(HttpCaller.of(misled, usage.tenant, Role.USAGE_READ)
                            .get(days(usage.end()))
                            .json()
                            .path("value"))
                    .hasSize(800);
        }
    }
}
