package io.tallygate.routing.payer;

import static io.tallygate.routing.testing.RoutingWorld.BASE;
import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.routing.testing.RoutingWorld.OPERATOR;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.routing.payer.Reroute.Amount;
import io.tallygate.routing.payer.Reroute.Move;
import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.testing.Events;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.usage.CanonicalJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RerouteIT {
    private final RoutingWorld world = new RoutingWorld();
    private final Events events = new Events(world.postgres);
    private final Registration registration = world.register("azs", BillingModel.PayAsYouUse);
    private final TenantId tenant = tenant();
    private final TenantId other = tenant();
    private final SubscriptionId a = customer();
    private final SubscriptionId b = customer();
    private final SubscriptionId c = customer();
    private final RerouteStore store = new RerouteStore(world.database, world.partitions, "takes-all"::equals);
    private final RerouteRequest everything = new RerouteRequest(null, null, world.hour(0), null);
    private SubscriptionId local;

    @BeforeEach
    void route() {
        local = world.subscribe(tenant, registration);
        world.backfill(local, CORE_HOURS, "1.5", 0);
        world.backfill(local, CORE_HOURS, "2", 1);
        world.backfill(world.subscribe(other, registration), CORE_HOURS, "100", 1);
        world.seal(world.hour(3));
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** The tenant's two hours are routed to A. */
    private void routeToA() {
        world.map(registration, tenant, a, world.hour(0));
        world.route();
    }

    @Test
    void whatWasNeverSentIsNettedAndNeitherIsSent() {
        routeToA();
        world.map(registration, tenant, b, world.hour(1));

        Reroute moved = apply();

        assertThat(moved.reportedTime()).isEqualTo(world.hour(3));
        assertThat(moved.uncorrectable()).isEmpty();
        assertThat(moved.moves()).singleElement().satisfies(move -> {
            assertThat(move.tenant()).isEqualTo(tenant);
            assertThat(move.from()).isEqualTo(a);
            assertThat(move.to()).isEqualTo(b);
            assertThat(text(move)).isEqualTo("total 1/1/2, netted 1/1/2, corrected 0/0/0, waiting 0/0/0");
        });
        assertThat(pairs())
                .containsExactly(
                        "1000000000|reversal|" + a + "|-2|-1|" + world.hour(1),
                        "1000000001|rerouted|" + b + "|2|1|" + world.hour(1));
        assertThat(rows(a)).containsExactly("1.5 waits", "2 netted", "-2 netted");
        assertThat(rows(b)).containsExactly("2 waits");
        assertThat(rows(BASE)).containsExactly("100 waits");
        assertThat(world.postgres.query("select action, subject, detail::jsonb -> 'netted' from audit_entry"
                        + " where action like '%reroute'"))
                .containsExactly("routedUsage.reroute|operator|{\"rows\": 1, \"records\": 1, \"quantity\": \"2\"}");
    }

    @Test
    void aSecondTimeNothingMoves() {
        routeToA();
        world.map(registration, tenant, b, world.hour(0));
        assertThat(apply().moves()).hasSize(1);
        List<String> pairs = pairs();
        assertThat(pairs).hasSize(4);

        assertThat(apply().moves()).isEmpty();
        assertThat(await(store.preview(everything)).moves()).isEmpty();

        assertThat(pairs()).isEqualTo(pairs);
        assertThat(world.postgres.query("select count(*) from audit_entry where action = 'routedUsage.reroute'"))
                .containsExactly("1");
    }

    @Test
    void previewSaysTheSameAndChangesNothing() {
        routeToA();
        UUID delivered = events.compose(a, "delivered", "quantity = 2");
        world.map(registration, tenant, b, world.hour(0));

        Reroute preview = await(store.preview(everything));

        assertThat(pairs()).isEmpty();
        assertThat(rows(a)).containsExactly("1.5 waits", "2 in " + delivered);
        assertThat(apply()).isEqualTo(preview);
        assertThat(text(preview.moves().get(0)))
                .isEqualTo("total 2/2/3.5, netted 1/1/1.5, corrected 1/1/2, waiting 0/0/0");
    }

    @Test
    void whatIsDeliveredIsCorrected() {
        routeToA();
        UUID event = events.compose(a, "delivered");
        world.map(registration, tenant, b, world.hour(1));

        Reroute moved = apply();

        assertThat(rows(a)).containsExactly("1.5 in " + event, "2 in " + event, "-2 waits");
        assertThat(rows(b)).containsExactly("2 waits");
        assertThat(moved.uncorrectable()).singleElement().satisfies(left -> {
            assertThat(left.endpoint()).isEqualTo("default");
            assertThat(left.payer()).isEqualTo(a);
            assertThat(left.dimension()).isEqualTo(CORE_HOURS);
            assertThat(text(left.amount())).isEqualTo("1/1/2");
        });
        RerouteStore takesAll = new RerouteStore(world.database, world.partitions, endpoint -> true);
        world.map(registration, tenant, c, world.hour(0));
        assertThat(await(takesAll.preview(everything)).uncorrectable()).isEmpty();
        assertThat(await(store.preview(everything)).uncorrectable())
                .extracting(left -> text(left.amount()))
                .containsExactly("1/1/1.5");
    }

    @Test
    void eventsThatWereNeverSentAreWithdrawnAndTheirOtherRowsWaitAgain() {
        routeToA();
        UUID event = events.compose(a, "pending");
        UUID others = events.compose(BASE, "pending");
        world.postgres.execute("insert into delivery_slot select endpoint, payer_subscription_id, dimension,"
                + " effective_time, event_key from delivery_event");
        world.map(registration, tenant, b, world.hour(1));

        apply();

        assertThat(rows(a)).containsExactly("1.5 waits", "2 netted", "-2 netted");
        assertThat(rows(BASE)).containsExactly("100 in " + others);
        assertThat(world.postgres.query("select event_key, state, reason, settled_at is not null from delivery_event"
                        + " where state <> 'pending'"))
                .containsExactly(event + "|withdrawn|Rerouted|t");
        assertThat(world.postgres.query("select event_key from delivery_slot")).containsExactly(others.toString());
        assertThat(world.postgres.query("select event_key, outcome, attempt, detail from delivery_ledger"))
                .containsExactly(event + "|Withdrawn|0|Its usage was re-routed before it was sent (test)");
    }

    @Test
    void whatMayBeBilledIsWaitedFor() {
        for (String open : List.of(
                "lease_token = 1, unknown_since = clock_timestamp()",
                "attempts = 1",
                "unknown_since = clock_timestamp()",
                "state = 'dead'",
                "state = 'manual'",
                "state = 'waived'")) {
            try (RoutingWorld one = new RoutingWorld()) {
                Registration azs = one.register("azs", BillingModel.PayAsYouUse);
                Events sent = new Events(one.postgres);
                one.map(azs, tenant, a, one.hour(0));
                one.backfill(one.subscribe(tenant, azs), CORE_HOURS, "2", 0);
                one.seal(one.hour(1));
                one.route();
                UUID event = sent.compose(a, "pending");
                sent.set(event, open);
                one.map(azs, tenant, b, one.hour(0));

                Reroute moved = await(new RerouteStore(one.database, one.partitions, endpoint -> true)
                        .apply(new RerouteRequest(null, null, one.hour(0), null), OPERATOR));

                assertThat(text(moved.moves().get(0)))
                        .as(open)
                        .isEqualTo("total 1/1/2, netted 0/0/0, corrected 0/0/0, waiting 1/1/2");
                assertThat(rows(one, a)).as(open).containsExactly("2 in " + event, "-2 waits for " + event);
                assertThat(rows(one, b)).as(open).containsExactly("2 waits");
                assertThat(one.postgres.query("select count(*) from delivery_event where state = 'withdrawn'"))
                        .containsExactly("0");
            }
        }
    }

    @Test
    void anEventThatASenderIsTakingIsWaitedFor() {
        routeToA();
        UUID event = events.compose(a, "pending");
        world.map(registration, tenant, b, world.hour(0));

        Reroute moved = await(world.database.transaction(sender -> sender.query("select from delivery_event for update")
                .execute()
                .compose(claimed -> store.apply(everything, OPERATOR))));

        assertThat(text(moved.moves().get(0)))
                .isEqualTo("total 2/2/3.5, netted 0/0/0, corrected 0/0/0, waiting 2/2/3.5");
        assertThat(rows(a))
                .containsExactly(
                        "1.5 in " + event, "2 in " + event, "-1.5 waits for " + event, "-2 waits for " + event);
    }

    @Test
    void anEventThatAReversalWaitsForIsNotWithdrawn() {
        routeToA();
        UUID event = events.compose(a, "pending");
        events.set(event, "lease_token = 1, unknown_since = clock_timestamp()");
        world.map(registration, tenant, b, world.hour(1));
        apply();
        // The endpoint was not there: nothing was sent, after all.
        events.set(event, "lease_token = null, unknown_since = null");
        world.map(registration, tenant, b, world.hour(0));
        apply();

        assertThat(rows(a))
                .containsExactly(
                        "1.5 in " + event, "2 in " + event, "-2 waits for " + event, "-1.5 waits for " + event);
        assertThat(rows(b)).containsExactly("2 waits", "1.5 waits");
    }

    @Test
    void aRoundOfPayersLeavesOneCharge() {
        routeToA();
        UUID first = events.compose(a, "delivered", "quantity = 2");
        for (SubscriptionId next : List.of(b, c, a)) {
            world.map(registration, tenant, next, world.hour(0));
            assertThat(apply().moves()).hasSize(1);
            assertThat(balance()).containsExactly(next + "|3.5|2", BASE + "|100|1");
        }

        // Of what was billed to A the correction had not gone out yet: it never will.
        assertThat(rows(a))
                .containsExactlyInAnyOrder(
                        "2 in " + first, "-2 netted", "2 netted", "1.5 netted", "-1.5 netted", "1.5 waits");
        assertThat(rows(b)).containsExactlyInAnyOrder("2 netted", "-2 netted", "1.5 netted", "-1.5 netted");
        assertThat(rows(c)).containsExactlyInAnyOrder("2 netted", "-2 netted", "1.5 netted", "-1.5 netted");

        // And on it goes, from the charge that stands.
        world.map(registration, tenant, b, world.hour(0));
        assertThat(text(apply().moves().get(0)))
                .isEqualTo("total 2/2/3.5, netted 1/1/1.5, corrected 1/1/2, waiting 0/0/0");
        assertThat(balance()).containsExactly(b + "|3.5|2", BASE + "|100|1");
    }

    @Test
    void aRoundOfDeliveriesIsCorrectedAtEachPayer() {
        routeToA();
        UUID first = events.compose(a, "delivered");
        for (SubscriptionId next : List.of(b, a, c)) {
            world.map(registration, tenant, next, world.hour(1));
            apply();
            events.compose(a, "delivered");
            events.compose(b, "delivered");
        }
        assertThat(world.postgres.query("select payer_subscription_id, trim_scale(sum(quantity)), sum(record_count)"
                        + " from event_row where event_key is not null group by 1 order by 2"))
                .containsExactly(b + "|0|0", a + "|1.5|1");
        assertThat(rows(a)).hasSize(5).contains("1.5 in " + first);
        assertThat(rows(c)).containsExactly("2 waits");
        assertThat(world.postgres.query("select count(*) from event_row where netted"))
                .containsExactly("0");
    }

    @Test
    void onlyWhatIsAskedForMoves() {
        Registration second = world.register("second", BillingModel.PayAsYouUse);
        world.backfill(world.subscribe(tenant, second), CORE_HOURS, "7", 3);
        world.backfill(local, CORE_HOURS, "9", 3);
        world.seal(world.hour(4));
        world.route();
        world.map(registration, tenant, a, world.hour(0));
        world.map(second, tenant, c, world.hour(0));
        world.map(registration, other, b, world.hour(0));

        assertThat(moved(null, null, 2, null)).isEqualTo(Map.of(a, "9", c, "7"));
        assertThat(moved(null, null, 1, 3)).isEqualTo(Map.of(a, "2", b, "100"));
        assertThat(moved(null, other, 0, null)).isEqualTo(Map.of(b, "100"));
        assertThat(moved(second.registrationId(), tenant, 0, null)).isEqualTo(Map.of(c, "7"));
        assertThat(moved(second.registrationId(), other, 0, null)).isEmpty();
        assertThatThrownBy(() -> new RerouteRequest(null, null, world.hour(2), world.hour(2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RerouteRequest(null, null, world.hour(2).plusSeconds(1), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void routedWindowsStayAsTheyAreAndThePairsAreInTheNext() {
        routeToA();
        String before = world.postgres
                .query("select string_agg(u::text, ';' order by u) from routed_usage u where reported_time < '"
                        + world.hour(3) + "'")
                .get(0);
        world.map(registration, tenant, b, world.hour(0));
        apply();
        world.map(registration, tenant, c, world.hour(0));
        apply();
        assertThat(await(world.routed.routedThrough())).isEqualTo(world.hour(3));
        world.backfill(local, CORE_HOURS, "4", 3);
        world.seal(world.hour(24));
        world.route();

        assertThat(world.postgres.query("select string_agg(u::text, ';' order by u) from routed_usage u"
                        + " where reported_time < '" + world.hour(3) + "'"))
                .containsExactly(before);
        assertThat(world.postgres.query("select seq, kind from routed_usage where reported_time = '" + world.hour(3)
                        + "' order by seq"))
                .hasSize(9)
                .startsWith("1|original", "1000000000|reversal")
                .endsWith("1000000007|rerouted");
        // The day's sums are of all kinds.
        assertThat(world.postgres.query(
                        "select payer_subscription_id, trim_scale(sum(quantity)), sum(record_count) from routed_daily"
                                + " where payer_subscription_id <> '" + BASE + "' group by 1 order by 2, 1"))
                .containsExactlyInAnyOrder(a + "|0|0", b + "|0|0", c + "|7.5|3");
    }

    @Test
    void theReversalGoesWhereItsChargeWentAndTheNewChargeToTheEndpointOfNow() {
        routeToA();
        events.compose(a, "delivered");
        world.postgres.execute("update registration set delivery_endpoint = 'takes-all'");
        world.map(registration, tenant, b, world.hour(0));
        assertThat(apply().uncorrectable()).hasSize(1);
        assertThat(world.postgres.query("select distinct payer_subscription_id, endpoint from event_row"
                        + " where seq >= 1000000000 order by endpoint"))
                .containsExactly(a + "|default", b + "|takes-all");
        // Back again: the reversal is at the other endpoint, so it goes out.
        world.map(registration, tenant, a, world.hour(0));
        apply();
        assertThat(world.postgres.query("select endpoint, trim_scale(sum(quantity)) from event_row"
                        + " where event_key is null and not netted and payer_subscription_id = '" + a
                        + "' group by 1 order by 1"))
                .containsExactly("default|-3.5", "takes-all|3.5");
    }

    @Test
    void nothingMovesBeforeAnythingWasRouted() {
        Reroute none = apply();
        assertThat(none.reportedTime()).isNull();
        assertThat(none.moves()).isEmpty();
    }

    @Test
    void itWaitsForComposersAndOnlyOneRunsAtATime() {
        routeToA();
        world.map(registration, tenant, b, world.hour(0));
        Promise<Void> composed = Promise.promise();
        Future<Void> composer = world.database.transaction(transaction -> transaction
                .query("select pg_advisory_xact_lock_shared(hashtextextended('tallygate composing', 0))")
                .execute()
                .compose(locked -> composed.future()));
        awaitLocks("granted", 1);
        Future<Reroute> one = store.apply(everything, OPERATOR);
        awaitLocks("not granted", 1);
        assertThat(one.isComplete()).isFalse();
        composed.complete();
        await(composer);
        Future<Reroute> two = store.apply(everything, OPERATOR);

        assertThat(List.of(await(one).moves().size(), await(two).moves().size()))
                .containsExactlyInAnyOrder(1, 0);
        assertThat(pairs()).hasSize(4);
    }

    private void awaitLocks(String which, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> world.postgres
                        .query("select count(*) from pg_locks where locktype = 'advisory' and " + which
                                + " and database = (select oid from pg_database where datname = current_database())")
                        .equals(List.of(String.valueOf(count))));
    }

    private Reroute apply() {
        return await(store.apply(everything, OPERATOR));
    }

    private Map<SubscriptionId, String> moved(Long registrationId, TenantId of, int from, Integer to) {
        RerouteRequest request =
                new RerouteRequest(registrationId, of, world.hour(from), to == null ? null : world.hour(to));
        return await(store.preview(request)).moves().stream()
                .collect(Collectors.toMap(
                        Move::to, move -> CanonicalJson.plain(move.total().quantity())));
    }

    private List<String> pairs() {
        return world.postgres.query("select seq, kind, payer_subscription_id, trim_scale(quantity), record_count,"
                + " to_char(origin_time at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
                + " from routed_usage where kind <> 'original' order by reported_time, seq");
    }

    /** What each payer is to pay in the end. */
    private List<String> balance() {
        return world.postgres.query("select payer_subscription_id, trim_scale(sum(quantity)), sum(record_count)"
                + " from event_row group by 1 having sum(quantity) <> 0 order by 2");
    }

    private List<String> rows(SubscriptionId payer) {
        return rows(world, payer);
    }

    private static List<String> rows(RoutingWorld world, SubscriptionId payer) {
        return world.postgres.query("select trim_scale(quantity) || case when netted then ' netted'"
                + " when event_key is not null then ' in ' || event_key"
                + " when awaited_key is not null then ' waits for ' || awaited_key else ' waits' end"
                + " from event_row where payer_subscription_id = '" + payer + "' order by reported_time, seq");
    }

    private static String text(Move move) {
        return "total " + text(move.total()) + ", netted " + text(move.netted()) + ", corrected "
                + text(move.corrected()) + ", waiting " + text(move.waiting());
    }

    private static String text(Amount amount) {
        return amount.rows() + "/" + amount.records() + "/" + CanonicalJson.plain(amount.quantity());
    }
}
