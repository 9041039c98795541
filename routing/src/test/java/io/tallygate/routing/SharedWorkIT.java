package io.tallygate.routing;

import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.ledger.ReconciliationLog;
import io.tallygate.routing.ledger.ReconciliationStore;
import io.tallygate.routing.ledger.SelfCheck;
import io.tallygate.routing.ledger.SharedCheck;
import io.tallygate.routing.payer.UsageRouter;
import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.Database;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.Partitions;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.usage.HeldRecordStore;
import io.tallygate.store.window.WindowSealer;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes on by itself is shared by any number of gateways: each piece is done once, and nobody's death keeps it. */
class SharedWorkIT {
    private static final int GATEWAYS = 4;
    private static final int WINDOWS = 12;
    private static final int HELD = 2500;
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx();
    private final RoutingWorld world = new RoutingWorld();
    private final List<Gateway> gateways =
            IntStream.range(0, GATEWAYS).mapToObj(i -> new Gateway()).toList();
    private final SubscriptionId payer = new SubscriptionId(UUID.randomUUID());

    @AfterEach
    void close() {
        gateways.forEach(gateway -> await(gateway.database.close()));
        world.close();
        await(vertx.close());
    }

    /** What a gateway does by itself, and how often it was the one that did it. */
    private final class Gateway {
        final Database database = Database.open(vertx, world.postgres.config());
        final HeldRecordStore held = new HeldRecordStore(database, new Partitions());
        final WindowStore windows = new WindowStore(database);
        final WindowSealer sealer = new WindowSealer(database, new Partitions());
        final UsageRouter router = new UsageRouter(database, new Partitions());
        final SharedCheck check = new SharedCheck(
                database,
                new SelfCheck(database, new ReconciliationStore(database), new ReconciliationLog(), Duration.ZERO),
                INTERVAL);
        int released;
        int sealed;
        int routed;
        int checked;

        Future<Void> work() {
            return held.release()
                    .onSuccess(count -> released += count)
                    .compose(done -> windows.closeDue(Duration.ZERO))
                    .compose(done -> sealer.sealNext())
                    .onSuccess(mine -> sealed += mine ? 1 : 0)
                    .compose(done -> router.routeNext())
                    .onSuccess(mine -> routed += mine ? 1 : 0)
                    .compose(done -> check.checkIfDue())
                    .onSuccess(mine -> checked += mine ? 1 : 0)
                    .mapEmpty();
        }
    }

    private SubscriptionId sealable() {
        TenantId tenant = new TenantId(UUID.randomUUID());
        var registration = world.register("azs", BillingModel.PayAsYouUse);
        world.map(registration, tenant, payer, world.hour(0));
        SubscriptionId local = world.subscribe(tenant, registration);
        for (int hour = 0; hour < WINDOWS; hour++) {
            world.backfill(local, CORE_HOURS, "1", hour);
        }
        return local;
    }

    /** Records of a subscription that was not known when they came, and is now. */
    private void releasable(SubscriptionId known, int records) {
        world.postgres.execute("""
                insert into usage_identity (source, record_id, payload_hash)
                select 'held', i::text, '\\x00' from generate_series(1, RECORDS) i;
                insert into quarantined_record (source, record_id, payload_hash, reason, subscription_id, meter_id,
                  resource_uri, location, usage_start, usage_end, quantity)
                select 'held', i::text, '\\x00', 'SubscriptionUnknown', 'KNOWN', 'METER', '/vm/1', 'local', 'HOUR', 'HOUR', 1
                from generate_series(1, RECORDS) i""".replace("RECORDS", Integer.toString(records))
                .replace("KNOWN", known.toString())
                .replace("METER", CORE_HOURS)
                .replace("HOUR", world.hour(0).toString()));
    }

    private int sum(ToIntFunction<Gateway> of) {
        return gateways.stream().mapToInt(of).sum();
    }

    private String ask(String sql) {
        return world.postgres.query(sql).get(0);
    }

    @Test
    void eachPieceIsDoneByOneOfThem() {
        releasable(sealable(), HELD);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            await(Future.all(gateways.stream().map(Gateway::work).toList()));
            return ask("select routed_through = sealed_through and sealed_through = closed_through"
                            + " from routing_state, window_state")
                    .equals("t");
        });
        assertThat(sum(gateway -> gateway.released)).isEqualTo(HELD);
        assertThat(sum(gateway -> gateway.sealed))
                .isEqualTo(Integer.parseInt(ask("select count(*) from usage_window")))
                .isGreaterThanOrEqualTo(WINDOWS);
        assertThat(sum(gateway -> gateway.routed)).isEqualTo(sum(gateway -> gateway.sealed));
        assertThat(sum(gateway -> gateway.checked)).isEqualTo(1);
        assertThat(ask("select count(*), sum(quantity)::int from usage_record")).isEqualTo("2512|2512");
        assertThat(
                        ask(
                                "select sum(record_count) from usage_hourly where reported_time < (select sealed_through from window_state)"))
                .isEqualTo(ask("select sum(record_count) from routed_usage"));
        assertThat(gateways)
                .allSatisfy(gateway -> assertThat(await(gateway.check.last()))
                        .hasValueSatisfying(
                                found -> assertThat(found.balanced()).isTrue()));
    }

    @Test
    void whatADeadGatewayHeldIsTakenOverAndNobodyWaitsForIt() {
        releasable(sealable(), 1);
        await(world.windows.closeThrough(world.hour(WINDOWS), RoutingWorld.OPERATOR));
        await(gateways.get(1).sealer.sealNext());
        DatabaseConfig usual = world.postgres.config();
        // What it leaves open, Postgres ends after its statementTimeout.
        Database dead = Database.open(
                vertx,
                new DatabaseConfig(
                        usual.url(),
                        usual.user(),
                        usual.password(),
                        1,
                        1,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(3)));
        Promise<Void> stopped = Promise.promise();
        dead.longTransaction(transaction -> transaction
                .query("select pg_try_advisory_xact_lock(hashtextextended('tallygate sealing', 0))"
                        + " from window_state, routing_state, quarantined_record for update")
                .execute()
                .onSuccess(locked -> stopped.complete())
                .compose(locked -> Promise.<Void>promise().future()));
        await(stopped.future());

        Gateway other = gateways.get(0);
        String closed = "select closed_through from window_state";
        String before = ask(closed);
        assertThat(await(other.held.release())).isZero();
        await(other.windows.closeDue(Duration.ZERO));
        assertThat(ask(closed)).isEqualTo(before);
        assertThat(await(other.sealer.sealNext())).isFalse();
        assertThat(await(other.router.routeNext())).isFalse();

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> await(other.sealer.sealNext()));
        assertThat(await(other.held.release())).isEqualTo(1);
        await(other.windows.closeDue(Duration.ZERO));
        assertThat(ask(closed)).isNotEqualTo(before);
        assertThat(await(other.router.routeNext())).isTrue();
        await(dead.close());
    }

    @Test
    void theCheckThatADeadGatewayTookIsMadeByAnotherAnIntervalLater() {
        world.postgres.execute("update book_check set taken_at = now()");
        assertThat(await(gateways.get(0).check.checkIfDue())).isFalse();
        assertThat(await(gateways.get(0).check.last())).isEmpty();
        world.postgres.execute("update book_check set taken_at = now() - interval '1 hour'");
        List<Boolean> made = await(Future.all(gateways.stream()
                        .map(gateway -> gateway.check.checkIfDue())
                        .toList()))
                .list();
        assertThat(made).containsOnlyOnce(true);
        assertThat(await(gateways.get(3).check.last())).isPresent();
    }
}
