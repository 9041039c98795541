package io.tallygate.store.directory;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.SealedReads;
import io.tallygate.store.Viewer;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.Dimensions;
import io.tallygate.store.aggregate.Page;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageAggregate;
import io.tallygate.store.aggregate.UsageAggregateStore;
import io.tallygate.store.aggregate.UsageQuery;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.summary.Grouping;
import io.tallygate.store.summary.Summary;
import io.tallygate.store.summary.SummaryFilter;
import io.tallygate.store.summary.SummaryGranularity;
import io.tallygate.store.summary.SummaryQuery;
import io.tallygate.store.summary.SummaryScope;
import io.tallygate.store.summary.SummaryStore;
import io.tallygate.store.testing.StoreWorld;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Operator, distributor, two resellers, customers: one of them moves from one reseller to the other and comes back, one moves to
 * the distributor itself. Usage of each hour, some of it reported days late; sealed but for the last hours.
 */
class ProviderReadsIT {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant MOVED = START.plus(2, ChronoUnit.DAYS);
    private static final Instant BACK = START.plus(3, ChronoUnit.DAYS);
    private static final Instant SEALED = START.plus(5, ChronoUnit.DAYS);
    private static final int HOURS = 24 * 5 + 5;
    private static final Instant END = SEALED.plus(1, ChronoUnit.DAYS);
    private static final List<String> PROVIDERS = List.of("default", "dist", "r1", "r2");
    // name, then who serves it: before, between, after
    private static final Map<String, List<String>> SERVED = new TreeMap<>(Map.of(
            "default", List.of("default", "default", "default"),
            "dist", List.of("default", "default", "default"),
            "r1", List.of("dist", "dist", "dist"),
            "r2", List.of("dist", "dist", "dist"),
            "stays", List.of("r1", "r1", "r1"),
            "returns", List.of("r1", "r2", "r1"),
            "leaves", List.of("r2", "r2", "dist")));

    private static StoreWorld world;
    private static UsageAggregateStore usage;
    private static SummaryStore summaries;

    @BeforeAll
    static void fill() {
        world = new StoreWorld();
        usage = new UsageAggregateStore(SealedReads.of(world.database), new Dimensions());
        summaries = new SummaryStore(SealedReads.of(world.database));
        world.postgres.execute("delete from subscription; select ensure_partitions('" + START + "')");
        for (String name : List.of("default", "dist", "r1", "r2", "stays", "returns", "leaves")) {
            world.postgres.execute("""
                    insert into subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id)
                    values ('%1$s', '%2$s', '%3$s', '', 'Enabled', '%4$s');
                    insert into instance (subscription_id, digest, resource_uri, location, instance_data)
                    values ('%1$s', sha256('%3$s'), '/%3$s', 'local', '""')
                    """.formatted(
                    id(name), id("tenant of " + name), name, id(SERVED.get(name).get(0))));
        }
        move("returns", "r2", MOVED);
        move("returns", "r1", BACK);
        move("leaves", "dist", BACK);
        // Every seventh hour is reported two days later.
        world.postgres.execute("""
                insert into usage_record (reported_hour, subscription_id, meter_key, instance_id, usage_hour, usage_start,
                  usage_end, quantity, reported_at, source, record_id)
                select used + case when n %% 7 = 0 then interval '50 hours' else interval '1 hour' end, subscription_id, 1,
                  instance_id, used, used, used, n + instance_id * 0.001, used, 'test', row_number() over ()
                from (
                  select n, '%s'::timestamptz + n * interval '1 hour' as used, subscription_id, instance_id
                  from instance, generate_series(0, %d) n) u;
                analyze""".formatted(START, HOURS - 1));
        world.seal(SEALED);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static void move(String name, String provider, Instant from) {
        world.postgres.execute("""
                update subscription_provider set effective_to = '%3$s'
                where subscription_id = '%1$s' and effective_to = 'infinity';
                insert into subscription_provider (subscription_id, provider_subscription_id, effective_from, effective_to)
                values ('%1$s', '%2$s', '%3$s', 'infinity')
                """.formatted(id(name), id(provider), from));
    }

    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static SubscriptionId subscription(String name) {
        return new SubscriptionId(id(name));
    }

    private static Viewer tenantOf(String name) {
        return Viewer.ofTenant(id("tenant of " + name));
    }

    private static String servedBy(String name, Instant used) {
        return SERVED.get(name).get(used.isBefore(MOVED) ? 0 : used.isBefore(BACK) ? 1 : 2);
    }

    private record Used(String name, Instant hour) implements Comparable<Used> {
        @Override
        public int compareTo(Used other) {
            int byName = name.compareTo(other.name);
            return byName == 0 ? hour.compareTo(other.hour) : byName;
        }
    }

    // All usage that is sealed, by whose it is and when it was used.
    private static Map<Used, BigDecimal> model(Predicate<Used> counts, boolean open) {
        Map<Used, BigDecimal> model = new TreeMap<>();
        int instance = 0;
        for (String name : List.of("default", "dist", "r1", "r2", "stays", "returns", "leaves")) {
            instance++;
            for (int n = 0; n < HOURS; n++) {
                Instant hour = START.plus(n, ChronoUnit.HOURS);
                boolean sealed =
                        hour.plus(n % 7 == 0 ? 50 : 1, ChronoUnit.HOURS).isBefore(SEALED);
                Used used = new Used(name, hour);
                if ((sealed || open) && counts.test(used)) {
                    model.put(used, new BigDecimal(n).add(new BigDecimal(instance).movePointLeft(3)));
                }
            }
        }
        return model;
    }

    private static Map<Used, BigDecimal> byDay(Map<Used, BigDecimal> hours) {
        Map<Used, BigDecimal> days = new TreeMap<>();
        hours.forEach((used, quantity) ->
                days.merge(new Used(used.name(), used.hour().truncatedTo(ChronoUnit.DAYS)), quantity, BigDecimal::add));
        return days;
    }

    private static Map<Used, BigDecimal> read(Viewer viewer, UsageScope scope, AggregationGranularity granularity) {
        Map<Used, BigDecimal> read = new TreeMap<>();
        UsageQuery first = new UsageQuery(viewer, scope, granularity, START, SEALED, new PagePosition(START, 0), 37);
        long rows = 0;
        for (UsageQuery query = first; query != null; ) {
            Page<UsageAggregate, PagePosition> page = await(usage.page(query));
            rows += page.rows().size();
            page.rows()
                    .forEach(row -> read.merge(
                            new Used(name(row.subscription()), row.usageStart()),
                            new BigDecimal(row.quantity()),
                            BigDecimal::add));
            query = page.next() == null ? null : query.after(page.next(), query.pageSize());
        }
        assertThat(await(usage.count(first))).isEqualTo(rows);
        return read;
    }

    private static String name(SubscriptionId subscription) {
        return SERVED.keySet().stream()
                .filter(name -> subscription(name).equals(subscription))
                .findFirst()
                .orElseThrow();
    }

    private static void assertRead(Viewer viewer, UsageScope scope, Predicate<Used> counts) {
        Map<Used, BigDecimal> expected = model(counts, false);
        assertSame(read(viewer, scope, AggregationGranularity.Hourly), expected, viewer + " " + scope);
        assertSame(read(viewer, scope, AggregationGranularity.Daily), byDay(expected), "daily " + viewer + " " + scope);
    }

    private static void assertSame(Map<Used, BigDecimal> read, Map<Used, BigDecimal> expected, String what) {
        assertThat(plain(read)).as(what).isEqualTo(plain(expected));
    }

    private static Map<Used, String> plain(Map<Used, BigDecimal> quantities) {
        Map<Used, String> plain = new TreeMap<>();
        quantities.forEach((used, quantity) ->
                plain.put(used, quantity.stripTrailingZeros().toPlainString()));
        return plain;
    }

    @Test
    void aProviderReadsEachHourOfItsDirectTenantsThatItServedLateOnesToo() {
        for (String provider : PROVIDERS) {
            UsageScope scope = new UsageScope.DirectTenantsOf(subscription(provider));
            Predicate<Used> served = used -> servedBy(used.name(), used.hour()).equals(provider);
            assertThat(model(served, false)).isNotEmpty();
            assertRead(Viewer.operator(), scope, served);
            assertRead(tenantOf(provider), scope, served);
        }
    }

    @Test
    void oneSubscriptionIsReadAsLongAsItWasServed() {
        for (String provider : PROVIDERS) {
            for (String name : SERVED.keySet()) {
                List<ProviderPeriod> periods =
                        await(new ProviderStore(world.database).served(subscription(provider), subscription(name)));
                Predicate<Used> served = used ->
                        used.name().equals(name) && servedBy(name, used.hour()).equals(provider);
                assertThat(periods.isEmpty()).isEqualTo(model(served, false).isEmpty());
                if (!periods.isEmpty()) {
                    UsageScope scope = new UsageScope.OneServed(subscription(name), periods);
                    assertRead(Viewer.operator(), scope, served);
                    assertRead(tenantOf(provider), scope, served);
                }
            }
        }
    }

    @Test
    void theSecondWallShowsTheSameHoursWithoutTheFirst() {
        for (String name : SERVED.keySet()) {
            Predicate<Used> visible = used -> used.name().equals(name)
                    || servedBy(used.name(), used.hour()).equals(name);
            assertRead(tenantOf(name), new UsageScope.Everyone(), visible);
            assertRead(
                    tenantOf(name),
                    new UsageScope.OneSubscription(subscription("returns")),
                    visible.and(used -> used.name().equals("returns")));
        }
        assertThat(await(world.database.read(
                                tenantOf("r1"),
                                connection -> connection
                                        .query("select subscription_id from subscription_provider")
                                        .execute()))
                        .size())
                .as("its own period, and those in which it serves others: twice the one that returns")
                .isEqualTo(4);
    }

    @Test
    void summariesAreOfTheSameHours() {
        for (String provider : PROVIDERS.subList(1, PROVIDERS.size())) {
            Predicate<Used> served = used -> servedBy(used.name(), used.hour()).equals(provider);
            assertSummaries(tenantOf(provider), SummaryScope.directTenantsOf(subscription(provider)), served);
            assertSummaries(Viewer.operator(), SummaryScope.directTenantsOf(subscription(provider)), served);
            SummaryScope one =
                    SummaryScope.servedBy(Set.of(subscription(provider))).within(Set.of(subscription("returns")));
            assertSummaries(
                    tenantOf(provider), one, served.and(used -> used.name().equals("returns")));
            // The second wall by itself.
            assertSummaries(
                    tenantOf(provider),
                    SummaryScope.everyone(),
                    served.or(used -> used.name().equals(provider)));
        }
    }

    private static void assertSummaries(Viewer viewer, SummaryScope scope, Predicate<Used> counts) {
        Map<Used, BigDecimal> hours = model(counts, true);
        for (Grouping.Kind kind : List.of(Grouping.Kind.SUBSCRIPTION, Grouping.Kind.RESOURCE)) {
            assertSame(summary(viewer, scope, SummaryGranularity.HOURLY, kind), hours, "hourly " + kind + scope);
            assertSame(summary(viewer, scope, SummaryGranularity.DAILY, kind), byDay(hours), "daily " + kind + scope);
        }
    }

    // What is sealed and what is open, by the name of the subscription.
    private static Map<Used, BigDecimal> summary(
            Viewer viewer, SummaryScope scope, SummaryGranularity granularity, Grouping.Kind kind) {
        Summary summary = await(summaries.summarise(new SummaryQuery(
                viewer, scope, START, END, granularity, Grouping.by(kind), SummaryFilter.NONE, 100, true)));
        Map<Used, BigDecimal> read = new TreeMap<>();
        for (Summary.Series series : summary.series()) {
            String name = kind == Grouping.Kind.RESOURCE
                    ? series.key().substring(1)
                    : name(new SubscriptionId(UUID.fromString(series.key())));
            series.points()
                    .forEach(point -> read.put(
                            new Used(name, point.time()),
                            new BigDecimal(point.quantity())
                                    .add(new BigDecimal(point.open() == null ? "0" : point.open()))));
        }
        return read;
    }
}
