package io.tallygate.routing.ledger;

import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.routing.testing.RoutingWorld.STATIC_IP;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.ledger.Reconciliation.GroupBy;
import io.tallygate.routing.ledger.Reconciliation.Line;
import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.Registration;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconciliationIT {
    private final RoutingWorld world = new RoutingWorld();
    private final TenantId mapped = tenant();
    private final TenantId unmapped = tenant();

    @BeforeEach
    void report() {
        Registration registration = world.register("azs", BillingModel.PayAsYouUse);
        world.map(registration, mapped, customer(), world.hour(0));
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
        assertThat(totals()).isEqualTo("accepted 6/54, open 4/52, aggregated 2/2, mapped 2/2");
        world.seal(world.hour(48));
        assertThat(totals()).isEqualTo("accepted 6/54, aggregated 6/54, unrouted 4/52, mapped 2/2");
        world.route();
        assertThat(totals())
                .isEqualTo("accepted 6/54, aggregated 6/54, mapped 3/34, base 1/-4, notChargeable 1/8, notBilled 1/16");
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

        List<Line> finest = reconcile(EnumSet.allOf(GroupBy.class)).rows();
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
        return result.totals().entrySet().stream()
                .filter(entry -> entry.getValue().count() != 0)
                .map((Map.Entry<Account, Reconciliation.Total> entry) ->
                        entry.getKey().wireName() + " " + text(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String text(Reconciliation.Total total) {
        return total.count() + "/" + CanonicalJson.plain(total.quantity());
    }
}
