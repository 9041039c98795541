package io.tallygate.routing.payer;

import static io.tallygate.routing.testing.RoutingWorld.BASE;
import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.routing.testing.RoutingWorld.STATIC_IP;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.Partitions;
import io.tallygate.store.Viewer;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Page;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.aggregate.UsageQuery;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.Await;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UsageRoutingIT {
    private final RoutingWorld world = new RoutingWorld();
    private final Registration registration = world.register("azs", BillingModel.PayAsYouUse);

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void payerIsWhoIsMappedAtTheStartOfTheUsageHour() {
        TenantId mapped = tenant();
        SubscriptionId before = customer();
        SubscriptionId after = customer();
        world.map(registration, mapped, before, world.hour(3));
        world.map(registration, mapped, after, world.hour(30));
        SubscriptionId one = world.subscribe(mapped, registration);
        SubscriptionId two = world.subscribe(mapped, registration);
        SubscriptionId unmapped = world.subscribe(tenant(), registration);
        world.backfill(one, CORE_HOURS, "1", 2);
        world.backfill(one, CORE_HOURS, "2", 3);
        world.backfill(one, CORE_HOURS, "4", 29);
        world.backfill(two, CORE_HOURS, "8", 29);
        world.backfill(one, CORE_HOURS, "16", 30);
        world.backfill(unmapped, CORE_HOURS, "32", 30);

        world.seal(world.hour(48));
        world.route();

        assertThat(hourly(before)).containsExactlyInAnyOrder("2", "4", "8");
        assertThat(hourly(after)).containsExactly("16");
        assertThat(hourly(BASE)).containsExactly("1", "32");
        assertThat(world.postgres.query(
                        "select fallback, sum(quantity)::numeric(10,0) from routed_usage group by 1 order by 1"))
                .containsExactly("f|30", "t|33");
        assertThat(await(world.routed.routedThrough())).isEqualTo(world.hour(48));
    }

    @Test
    void usageTimeCountsNotReportedTime() {
        TenantId tenant = tenant();
        SubscriptionId payer = customer();
        SubscriptionId local = world.subscribe(tenant, registration);
        world.map(registration, tenant, payer, world.hour(5));
        world.late(local, CORE_HOURS, "1", 4);
        world.late(local, CORE_HOURS, "2", 5);

        Instant next = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        world.seal(next.plus(1, ChronoUnit.HOURS));
        world.route();

        assertThat(rows(payer, AggregationGranularity.Hourly, world.start, next.plus(2, ChronoUnit.HOURS), 10))
                .extracting(row -> row.quantity(), UsageAggregate::usageStart)
                .containsExactly(org.assertj.core.api.Assertions.tuple("2", world.hour(5)));
    }

    @Test
    void backDatedMappingCountsForWhatIsRoutedAfterwards() {
        TenantId tenant = tenant();
        SubscriptionId payer = customer();
        SubscriptionId local = world.subscribe(tenant, registration);
        world.backfill(local, CORE_HOURS, "1", 0);
        world.backfill(local, CORE_HOURS, "2", 1);
        world.seal(world.hour(1));
        world.route();
        world.seal(world.hour(2));

        world.map(registration, tenant, payer, world.hour(0));
        world.route();

        assertThat(hourly(BASE)).containsExactly("1");
        assertThat(hourly(payer)).containsExactly("2");
    }

    @Test
    void whatIsNotBilledIsExcludedWithItsReason() {
        Registration capacity = world.register("capacity", BillingModel.Capacity);
        SubscriptionId billed = world.subscribe(tenant(), registration);
        SubscriptionId ofCapacity = world.subscribe(tenant(), capacity);
        SubscriptionId ofNone = world.subscribe(tenant(), null);
        world.backfill(billed, CORE_HOURS, "1", 0);
        world.backfill(billed, STATIC_IP, "2", 0);
        world.backfill(billed, STATIC_IP, "0.5", 0);
        world.backfill(ofCapacity, CORE_HOURS, "4", 0);
        world.backfill(ofCapacity, STATIC_IP, "8", 0);
        world.backfill(ofNone, CORE_HOURS, "16", 0);

        world.seal(world.hour(1));
        world.route();

        assertThat(hourly(BASE)).containsExactly("1");
        assertThat(
                        world.postgres.query(
                                "select subscription_id, reason, trim_scale(quantity), record_count from routed_exclusion order by quantity"))
                .containsExactly(
                        billed + "|notChargeable|2.5|2",
                        ofCapacity + "|notBilled|4|1",
                        ofCapacity + "|notChargeable|8|1",
                        ofNone + "|notBilled|16|1");
        assertThat(world.routedWindows).containsExactly(new RoutedWindow(world.hour(0), 0, 1, 2, 2));
    }

    @Test
    void twoRoutersRouteEachWindowOnce() {
        SubscriptionId local = world.subscribe(tenant(), registration);
        for (int hour = 0; hour < 24; hour++) {
            world.backfill(local, CORE_HOURS, "1", hour);
        }
        world.seal(world.hour(24));
        UsageRouter other = new UsageRouter(world.database, new Partitions());
        for (int i = 0; i < 40; i++) {
            List.of(world.router.routeNext(), other.routeNext()).forEach(Await::await);
        }
        assertThat(await(world.routed.routedThrough())).isEqualTo(world.hour(24));
        assertThat(world.postgres.query("select count(*), count(distinct reported_time) from routed_usage"))
                .containsExactly("24|24");
        assertThat(world.postgres.query("select trim_scale(quantity), record_count from routed_daily"))
                .containsExactly("24|24");
    }

    @Test
    void dailyRowsAreTheSumsOfHourlyOnesAndPagesFollowEachOther() {
        TenantId tenant = tenant();
        SubscriptionId payer = customer();
        world.map(registration, tenant, payer, world.hour(0));
        SubscriptionId one = world.subscribe(tenant, registration);
        SubscriptionId two = world.subscribe(tenant, registration);
        world.backfill(world.subscribe(tenant(), registration), CORE_HOURS, "1000", 1);
        for (int hour = 0; hour < 30; hour++) {
            world.backfill(one, CORE_HOURS, "0.1", hour);
            world.backfill(two, CORE_HOURS, "-0.03", hour);
        }
        world.seal(world.hour(48));
        world.route();

        List<UsageAggregate> hours =
                rows(payer, AggregationGranularity.Hourly, world.start, world.hour(48), UsageQuery.MAX_PAGE);
        assertThat(hours).hasSize(60);
        assertThat(rows(payer, AggregationGranularity.Hourly, world.start, world.hour(48), 7))
                .isEqualTo(hours);
        assertThat(hours).extracting(UsageAggregate::name).doesNotHaveDuplicates();
        assertThat(hours).extracting(UsageAggregate::subscription).containsOnly(payer);
        assertThat(hours.get(0).meter().id()).isEqualTo(CORE_HOURS);
        assertThat(hours)
                .filteredOn(row -> !row.quantity().startsWith("-"))
                .allSatisfy(row -> assertThat(new String(row.instance().data(), StandardCharsets.UTF_8))
                        .contains("\\\"additionalInfo\\\":{\\\"b\\\":1.1,\\\"commerceMeterId\\\":\\\"" + CORE_HOURS
                                + "\\\",\\\"subscriptionId\\\":\\\"" + one + "\\\"}"));

        List<UsageAggregate> days =
                rows(payer, AggregationGranularity.Daily, world.start, world.hour(48), UsageQuery.MAX_PAGE);
        assertThat(days).extracting(row -> row.quantity()).containsExactlyInAnyOrder("2.4", "-0.72", "0.6", "-0.18");
        assertThat(rows(payer, AggregationGranularity.Daily, world.start, world.hour(48), 1))
                .isEqualTo(days);
        assertThat(days).extracting(UsageAggregate::name).doesNotHaveDuplicates();
        assertThat(sum(days)).isEqualByComparingTo(sum(hours));
    }

    @Test
    void windowThatLostARowIsNotRouted() {
        SubscriptionId local = world.subscribe(tenant(), registration);
        world.backfill(local, CORE_HOURS, "1", 0);
        world.backfill(local, STATIC_IP, "1", 0);
        world.seal(world.hour(1));
        world.postgres.execute("delete from usage_hourly where seq = 1");

        assertThatThrownBy(() -> await(world.router.routeNext()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 aggregates of 2 records, and 1 of 1 were found");
        assertThat(world.postgres.query("select count(*) from routed_usage")).containsExactly("0");
        assertThat(await(world.routed.isRoutedThrough(world.hour(1)))).isFalse();
    }

    @Test
    void nothingIsRoutedBeforeTheFirstWindow() {
        assertThat(await(world.router.routeNext())).isFalse();
        assertThat(await(world.routed.routedThrough())).isNull();
        assertThat(await(world.routed.isRoutedThrough(world.hour(0)))).isFalse();

        world.backfill(world.subscribe(tenant(), registration), CORE_HOURS, "1", 3);
        world.seal(world.hour(4));
        assertThat(await(world.routed.isRoutedThrough(world.hour(3)))).isTrue();
        assertThat(await(world.routed.isRoutedThrough(world.hour(4)))).isFalse();
        world.route();
        assertThat(await(world.routed.isRoutedThrough(world.hour(4)))).isTrue();
    }

    @Test
    void aTenantSeesNothingThatIsRoutedWhateverTheQuerySays() {
        TenantId tenant = tenant();
        SubscriptionId payer = customer();
        world.map(registration, tenant, payer, world.hour(0));
        world.backfill(world.subscribe(tenant, registration), CORE_HOURS, "1", 2);
        world.backfill(world.subscribe(tenant(), registration), CORE_HOURS, "2", 2);
        world.seal(world.hour(48));
        world.route();

        for (AggregationGranularity granularity : AggregationGranularity.values()) {
            for (SubscriptionId paid : List.of(payer, BASE)) {
                assertThat(seen(Viewer.operator(), paid, granularity)).isEqualTo(1);
                assertThat(seen(Viewer.ofTenant(tenant.value()), paid, granularity))
                        .isZero();
                assertThat(seen(Viewer.ofTenant(paid.value()), paid, granularity))
                        .isZero();
            }
        }
    }

    // No right at all is as good as no row.
    private long seen(Viewer viewer, SubscriptionId payer, AggregationGranularity granularity) {
        UsageQuery query = new UsageQuery(
                viewer,
                new UsageScope.PaidBy(payer),
                granularity,
                world.start,
                world.hour(48),
                new PagePosition(world.start, 0),
                UsageQuery.MAX_PAGE);
        return await(world.routed
                .page(query)
                .compose(page -> world.routed
                        .count(query)
                        .map(count -> Math.max(count, page.rows().size())))
                .recover(failure -> failure instanceof PgException refused && "42501".equals(refused.getSqlState())
                        ? Future.succeededFuture(0L)
                        : Future.failedFuture(failure)));
    }

    @Test
    void localScopeIsNotReadHere() {
        UsageQuery query = new UsageQuery(
                Viewer.operator(),
                new UsageScope.Everyone(),
                AggregationGranularity.Daily,
                world.hour(0),
                world.hour(24),
                new PagePosition(world.hour(0), 0),
                10);
        assertThatThrownBy(() -> world.routed.page(query)).isInstanceOf(IllegalArgumentException.class);
    }

    private List<String> hourly(SubscriptionId payer) {
        return rows(payer, AggregationGranularity.Hourly, world.start, world.hour(48), 10).stream()
                .map(UsageAggregate::quantity)
                .toList();
    }

    private List<UsageAggregate> rows(
            SubscriptionId payer, AggregationGranularity granularity, Instant from, Instant to, int pageSize) {
        List<UsageAggregate> rows = new ArrayList<>();
        PagePosition after = new PagePosition(from, 0);
        while (after != null) {
            Page<UsageAggregate, PagePosition> page = await(world.routed.page(new UsageQuery(
                    Viewer.operator(),
                    new UsageScope.PaidBy(payer),
                    granularity,
                    after.reportedTime(),
                    to,
                    after,
                    pageSize)));
            rows.addAll(page.rows());
            after = page.next();
        }
        return rows;
    }

    private static BigDecimal sum(List<UsageAggregate> rows) {
        return rows.stream()
                .map(UsageAggregate::quantity)
                .map(BigDecimal::new)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
