package io.tallygate.routing.ledger;

import static io.tallygate.routing.testing.RoutingWorld.BASE;
import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.routing.testing.RoutingWorld.OPERATOR;
import static io.tallygate.routing.testing.RoutingWorld.STATIC_IP;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.ledger.Reconciliation.GroupBy;
import io.tallygate.routing.ledger.Reconciliation.Line;
import io.tallygate.routing.payer.RerouteRequest;
import io.tallygate.routing.payer.RerouteStore;
import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.testing.Events;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.usage.CanonicalJson;
import io.tallygate.store.usage.ReportedAt;
import io.tallygate.store.usage.ResourceInstance;
import io.tallygate.store.usage.UsageRecord;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconciliationIT {
    private final RoutingWorld world = new RoutingWorld();
    private final Events events = new Events(world.postgres);
    private final SubscriptionId payer = customer();
    private final TenantId mapped = tenant();
    private final TenantId unmapped = tenant();
    private Registration registration;

    @BeforeEach
    void report() {
        registration = world.register("azs", BillingModel.PayAsYouUse);
        world.map(registration, mapped, payer, world.hour(0));
        SubscriptionId one = world.subscribe(mapped, registration);
        SubscriptionId two = world.subscribe(unmapped, registration);
        SubscriptionId none = world.subscribe(tenant(), null);
        world.backfill(one, CORE_HOURS, "1.5", 0);
        world.backfill(one, CORE_HOURS, "0.5", 0);
        world.backfill(two, CORE_HOURS, "-4", 1);
        world.backfill(two, STATIC_IP, "8", 1);
        world.backfill(none, CORE_HOURS, "16", 1);
        world.backfill(one, CORE_HOURS, "32", 25);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void balancesAtEachStage() {
        assertThat(totals()).isEqualTo("accepted 6/54, open 6/54");
        world.seal(world.hour(1));
        assertThat(totals()).isEqualTo("accepted 6/54, open 4/52, aggregated 2/2, unrouted 2/2");
        world.route();
        assertThat(totals()).isEqualTo("accepted 6/54, open 4/52, aggregated 2/2, mapped 2/2, pending 2/2");
        world.seal(world.hour(48));
        assertThat(totals()).isEqualTo("accepted 6/54, aggregated 6/54, unrouted 4/52, mapped 2/2, pending 2/2");
        world.route();
        assertThat(totals())
                .isEqualTo("accepted 6/54, aggregated 6/54, mapped 3/34, base 1/-4, notChargeable 1/8, notBilled 1/16,"
                        + " pending 4/30");
    }

    @Test
    void routedUsageIsFoundWhereDeliveryHasIt() {
        world.seal(world.hour(48));
        world.route();
        UUID event = events.compose(payer, "delivered", "usage_time < '" + world.hour(1) + "'");
        assertThat(delivery()).isEqualTo("delivered 2/2, pending 2/28");
        for (String state : List.of("dead", "manual", "waived", "pending")) {
            events.set(event, "state = '" + state + "'");
            assertThat(delivery())
                    .isEqualTo(state.equals("pending") ? "pending 4/30" : "pending 2/28, " + state + " 2/2");
        }
        world.postgres.execute("insert into payer_hold values ('" + payer + "', true, 'NotAuthorized')");
        assertThat(delivery()).isEqualTo("pending 1/-4, held 3/34");
        world.postgres.execute("insert into delivery_hold (reason) values ('restored')");
        assertThat(delivery()).isEqualTo("held 4/30");
        events.set(event, "state = 'dead', reason = 'Expired'");
        assertThat(delivery()).isEqualTo("held 2/28, dead 2/2, expired 2/2");
    }

    @Test
    void reroutedUsageIsNettedOrAdjusted() {
        world.seal(world.hour(48));
        world.route();
        events.compose(payer, "delivered", "usage_time < '" + world.hour(1) + "'");
        SubscriptionId next = customer();
        world.map(registration, mapped, next, world.hour(0));
        await(new RerouteStore(world.database, world.partitions, endpoint -> true)
                .apply(new RerouteRequest(null, null, world.hour(0), null), OPERATOR));

        // The pairs are in the day that is routed next: what is netted there and what is here are 0 together.
        assertThat(delivery()).isEqualTo("delivered 2/2, pending 1/-4, netted 1/32");
        Reconciliation all = await(
                world.reconciliation.reconcile(world.hour(0), world.hour(72), EnumSet.of(GroupBy.DAY, GroupBy.PAYER)));
        assertThat(all.balanced()).isTrue();
        assertThat(text(all.totals()))
                .endsWith("base 1/-4, notChargeable 1/8, notBilled 1/16, delivered 2/2, pending 2/28");
        assertThat(all.rows())
                .filteredOn(line -> line.day().equals(world.hour(48)))
                .extracting(line -> line.payer() + ": " + text(line.totals()))
                .containsExactlyInAnyOrder(
                        payer + ": adjusted -3/-34, pending -2/-2, netted -1/-32",
                        next + ": adjusted 3/34, pending 3/34");
        assertThat(all.rows())
                .filteredOn(line -> line.payer() == null)
                .extracting(line -> text(line.totals()))
                .containsExactly(
                        "accepted 5/22, aggregated 5/22, notChargeable 1/8, notBilled 1/16",
                        "accepted 1/32, aggregated 1/32");
        assertThat(all.rows())
                .allSatisfy(line -> assertThat(line.totals().keySet())
                        .allMatch(account -> account.hasPayer() == (line.payer() != null)));
    }

    @Test
    void whatDeliveryLosesOrMovesByItselfShows() {
        world.seal(world.hour(48));
        world.route();
        UUID event = events.compose(payer, "delivered", "usage_time < '" + world.hour(1) + "'");
        world.postgres.execute("create table kept as table event_row; create table kept_e as table delivery_event");
        for (String loss : List.of(
                "delete from event_row where payer_subscription_id = '" + BASE + "'",
                "delete from delivery_event",
                "update delivery_event set state = 'withdrawn'",
                "update event_row set quantity = quantity + 0.000000000000001 where event_key = '" + event + "'",
                "update event_row set record_count = record_count + 1 where event_key = '" + event + "'",
                "update event_row set payer_subscription_id = gen_random_uuid() where event_key is null",
                "update event_row set netted = true where event_key is null")) {
            world.postgres.execute(loss);
            assertThat(reconcile(Set.of()).balanced()).as(loss).isFalse();
            world.postgres.execute("truncate event_row, delivery_event;"
                    + "insert into event_row table kept; insert into delivery_event table kept_e");
            assertThat(reconcile(Set.of()).balanced()).isTrue();
        }
    }

    @Test
    void rowsAreGroupedAsAsked() {
        world.seal(world.hour(48));
        world.route();

        assertThat(reconcile(Set.of()).rows()).isEmpty();
        List<Line> days = reconcile(EnumSet.of(GroupBy.DAY)).rows();
        assertThat(days).extracting(Line::day).containsExactly(world.hour(0), world.hour(24));
        assertThat(days)
                .extracting(line -> text(line.totals().get(Account.ACCEPTED)))
                .containsExactly("5/22", "1/32");
        assertThat(days).extracting(Line::tenant).containsOnlyNulls();

        List<Line> finest = reconcile(EnumSet.of(GroupBy.DAY, GroupBy.TENANT, GroupBy.METER))
                .rows();
        assertThat(finest).hasSize(5).allMatch(Line::balanced);
        assertThat(finest)
                .filteredOn(
                        line -> unmapped.equals(line.tenant()) && line.meterId().equals(STATIC_IP))
                .singleElement()
                .extracting(line -> text(line.totals().get(Account.NOT_CHARGEABLE)))
                .isEqualTo("1/8");
    }

    @Test
    void onlyTheDaysAskedForAreIn() {
        Reconciliation second = await(world.reconciliation.reconcile(world.hour(24), world.hour(48), Set.of()));
        assertThat(text(second.totals().get(Account.ACCEPTED))).isEqualTo("1/32");
        Reconciliation empty = await(world.reconciliation.reconcile(world.hour(-48), world.hour(-24), Set.of()));
        assertThat(empty.balanced()).isTrue();
        assertThat(text(empty.totals().get(Account.ACCEPTED))).isEqualTo("0/0");
    }

    @Test
    void lossesShow() {
        world.seal(world.hour(48));
        world.route();
        for (String loss : List.of(
                "delete from usage_record where record_id = 'record-1'",
                "delete from usage_hourly where reported_time = '" + world.hour(25) + "'",
                "delete from routed_usage where fallback",
                "delete from routed_exclusion where reason = 'notBilled'",
                "update routed_usage set quantity = quantity + 0.000000000000001 where not fallback",
                "update routed_usage set record_count = record_count + 1 where fallback")) {
            world.postgres.execute("create table kept as table usage_record; create table kept_h as table usage_hourly;"
                    + "create table kept_r as table routed_usage; create table kept_x as table routed_exclusion");
            world.postgres.execute(loss);
            assertThat(reconcile(Set.of()).balanced()).as(loss).isFalse();
            world.postgres.execute("truncate usage_record, usage_hourly, routed_usage, routed_exclusion;"
                    + "insert into usage_record table kept; insert into usage_hourly table kept_h;"
                    + "insert into routed_usage table kept_r; insert into routed_exclusion table kept_x;"
                    + "drop table kept, kept_h, kept_r, kept_x");
            assertThat(reconcile(Set.of()).balanced()).isTrue();
        }
    }

    @Test
    void errorsThatCancelOutShow() {
        world.seal(world.hour(48));
        world.route();
        world.postgres.execute("update routed_usage set quantity = quantity + 1 where fallback");
        world.postgres.execute(
                "update routed_usage set quantity = quantity - 1 where reported_time = '" + world.hour(25) + "'");

        Reconciliation byTenant = reconcile(EnumSet.of(GroupBy.TENANT));
        assertThat(byTenant.balanced()).isFalse();
        assertThat(byTenant.rows()).filteredOn(line -> !line.balanced()).hasSize(2);
        assertThat(reconcile(EnumSet.of(GroupBy.METER)).rows())
                .filteredOn(line -> !line.balanced())
                .extracting(Line::meterId)
                .containsExactly(CORE_HOURS);
    }

    @Test
    void quarantinedAndConflictsStandBeside() {
        SubscriptionId stranger = customer();
        for (String quantity : List.of("1", "2")) {
            await(world.records.ingest(
                    List.of(new UsageRecord(
                            "test",
                            "stranger",
                            CORE_HOURS,
                            new ResourceInstance(stranger, "/vm", "local", null, null),
                            new BigDecimal(quantity),
                            world.hour(0),
                            world.hour(1))),
                    ReportedAt.NOW));
        }
        Reconciliation result = reconcile(Set.of());
        assertThat(result.quarantined()).isEqualTo(1);
        assertThat(result.conflicts()).isEqualTo(1);
        assertThat(totals()).isEqualTo("accepted 6/54, open 6/54");
    }

    private Reconciliation reconcile(Set<GroupBy> groupBy) {
        return await(world.reconciliation.reconcile(world.hour(0), world.hour(48), groupBy));
    }

    private String totals() {
        Reconciliation result = reconcile(Set.of());
        assertThat(result.balanced()).isTrue();
        return text(result.totals());
    }

    // From "notBilled" on.
    private String delivery() {
        return totals().replaceFirst(".*notBilled 1/16, ", "");
    }

    private static String text(Map<Account, Reconciliation.Total> totals) {
        return totals.entrySet().stream()
                .filter(entry -> entry.getValue().count() != 0)
                .map((Map.Entry<Account, Reconciliation.Total> entry) ->
                        entry.getKey().wireName() + " " + text(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String text(Reconciliation.Total total) {
        return total.count() + "/" + CanonicalJson.plain(total.quantity());
    }
}
