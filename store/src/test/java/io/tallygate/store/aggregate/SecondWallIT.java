package io.tallygate.store.aggregate;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.SealedReads;
import io.tallygate.store.Viewer;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.StoreWorld;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Without the first wall: every viewer asks with every scope, whether it may or not, and sees what is its own, or its
 * direct tenants', and nothing else.
 */
class SecondWallIT {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant END = Instant.parse("2026-03-03T00:00:00Z");
    private static final int ROWS_EACH = 3;

    // name, tenant, provider: two delegated providers, one of which has another subscription too.
    private static final List<List<String>> DIRECTORY = List.of(
            List.of("default", "operator", "default"),
            List.of("a1", "A", "default"),
            List.of("a2", "A", "default"),
            List.of("direct of a2", "E", "a2"),
            List.of("b", "B", "default"),
            List.of("p", "P", "default"),
            List.of("d1", "D", "p"),
            List.of("d2", "D", "p"),
            List.of("d3", "A", "p"));
    private static final List<String> TENANTS = List.of("operator", "A", "B", "P", "D", "E", "nobody");

    private static StoreWorld world;
    private static UsageAggregateStore store;

    @BeforeAll
    static void fill() {
        world = new StoreWorld();
        store = new UsageAggregateStore(SealedReads.of(world.database), new Dimensions());
        world.postgres.execute("delete from subscription; select ensure_partitions('2026-03-01Z')");
        for (List<String> line : DIRECTORY) {
            world.postgres.execute("""
                    insert into subscription (subscription_id, tenant_id, display_name, owner, state,
                      provider_subscription_id)
                    values ('%1$s', '%2$s', '%4$s', '', 'Enabled', '%3$s');
                    insert into instance (subscription_id, digest, resource_uri, location, instance_data)
                    values ('%1$s', sha256('%4$s'), '/x', 'local', '%4$s')
                    """.formatted(id(line.get(0)), id(line.get(1)), id(line.get(2)), line.get(0)));
        }
        world.postgres.execute("""
                insert into usage_hourly (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
                  record_count)
                select time, row_number() over (partition by time order by subscription_id), subscription_id, 1, instance_id,
                  time, 1, 1
                from instance, (values (timestamptz '2026-03-01Z'), ('2026-03-01 01:00Z'), ('2026-03-02Z')) t (time);
                insert into usage_daily select * from usage_hourly where extract(hour from reported_time at time zone 'UTC') = 0;
                insert into usage_daily
                select '2026-03-02Z', seq + 100, subscription_id, meter_key, instance_id, usage_time, quantity, record_count
                from usage_hourly where extract(hour from reported_time at time zone 'UTC') = 1;
                analyze""");
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static SubscriptionId subscription(String name) {
        return new SubscriptionId(id(name));
    }

    private static List<UsageScope> scopes() {
        List<UsageScope> scopes = new ArrayList<>(List.of(
                new UsageScope.Everyone(),
                new UsageScope.OneSubscription(subscription("unknown")),
                new UsageScope.DirectTenantsOf(subscription("unknown"))));
        for (List<String> line : DIRECTORY) {
            scopes.add(new UsageScope.OneSubscription(subscription(line.get(0))));
            scopes.add(new UsageScope.DirectTenantsOf(subscription(line.get(0))));
        }
        return scopes;
    }

    private static boolean asksFor(UsageScope scope, List<String> line) {
        return scope instanceof UsageScope.Everyone
                || (scope instanceof UsageScope.OneSubscription one
                        && one.subscription().equals(subscription(line.get(0))))
                || (scope instanceof UsageScope.DirectTenantsOf provider
                        && provider.providerSubscription().equals(subscription(line.get(2))));
    }

    private static boolean isVisible(String tenant, List<String> line) {
        String provider = DIRECTORY.stream()
                .filter(other -> other.get(0).equals(line.get(2)))
                .findFirst()
                .orElseThrow()
                .get(1);
        return line.get(1).equals(tenant) || provider.equals(tenant);
    }

    private static Map<String, Integer> expected(UsageScope scope, String tenant) {
        return counted(DIRECTORY.stream()
                .filter(line -> asksFor(scope, line) && (tenant == null || isVisible(tenant, line)))
                .flatMap(line -> Stream.of(line.get(0), line.get(0), line.get(0))));
    }

    private static Map<String, Integer> counted(Stream<String> names) {
        return names.collect(Collectors.toMap(name -> name, name -> 1, Integer::sum, TreeMap::new));
    }

    private static UsageQuery query(Viewer viewer, UsageScope scope, AggregationGranularity granularity, int pageSize) {
        return new UsageQuery(viewer, scope, granularity, START, END, new PagePosition(START, 0), pageSize);
    }

    // Instances say their subscription: what is shown is also shown as what it is.
    private static Map<String, Integer> read(UsageQuery first) {
        List<UsageAggregate> rows = new ArrayList<>();
        UsageQuery query = first;
        while (query != null) {
            Page<UsageAggregate, PagePosition> page = await(store.page(query));
            rows.addAll(page.rows());
            query = page.next() == null ? null : query.after(page.next(), query.pageSize());
        }
        return counted(rows.stream().map(row -> new String(row.instance().data(), StandardCharsets.UTF_8)));
    }

    @Test
    void whatIsReadIsWhatIsAskedForAndVisible() {
        for (UsageScope scope : scopes()) {
            for (AggregationGranularity granularity : AggregationGranularity.values()) {
                for (String tenant : TENANTS) {
                    UsageQuery query = query(Viewer.ofTenant(id(tenant)), scope, granularity, UsageQuery.MAX_PAGE);
                    Map<String, Integer> expected = expected(scope, tenant);
                    assertThat(read(query)).as(tenant + " " + query).isEqualTo(expected);
                    assertThat(await(store.count(query)))
                            .as("count of " + tenant + " " + query)
                            .isEqualTo((long) ROWS_EACH * expected.size());
                }
                UsageQuery all = query(Viewer.operator(), scope, granularity, UsageQuery.MAX_PAGE);
                assertThat(read(all)).as("operator " + all).isEqualTo(expected(scope, null));
            }
        }
    }

    @Test
    void aStreamOfSmallPiecesIsFilteredInEachOfThem() {
        for (String tenant : TENANTS) {
            UsageQuery query =
                    query(Viewer.ofTenant(id(tenant)), new UsageScope.Everyone(), AggregationGranularity.Hourly, 2);
            assertThat(read(query)).as(tenant).isEqualTo(expected(query.scope(), tenant));
        }
    }

    // The last number of a window counts everyone's rows.
    @Test
    void theCountOfEveryoneTellsATenantNothingOfOthers() {
        UsageQuery all =
                query(Viewer.operator(), new UsageScope.Everyone(), AggregationGranularity.Hourly, UsageQuery.MAX_PAGE);
        assertThat(await(store.count(all))).isEqualTo((long) ROWS_EACH * DIRECTORY.size());
        UsageQuery last = query(
                Viewer.ofTenant(id("nobody")),
                new UsageScope.Everyone(),
                AggregationGranularity.Hourly,
                UsageQuery.MAX_PAGE);
        assertThat(await(store.count(last))).isZero();
    }

    @Test
    void subscriptionsAreSeenLikeTheirUsage() {
        SubscriptionStore subscriptions = new SubscriptionStore(world.database);
        for (String tenant : TENANTS) {
            Viewer viewer = Viewer.ofTenant(id(tenant));
            TreeSet<String> seen = new TreeSet<>();
            for (String other : TENANTS) {
                await(subscriptions.ofTenant(viewer, new TenantId(id(other)))).stream()
                        .map(Subscription::displayName)
                        .forEach(seen::add);
            }
            assertThat(seen)
                    .as(tenant)
                    .isEqualTo(expected(new UsageScope.Everyone(), tenant).keySet());
            for (List<String> line : DIRECTORY) {
                Subscription found = await(subscriptions.find(viewer, subscription(line.get(0))));
                assertThat(found != null).as(tenant + " " + line).isEqualTo(isVisible(tenant, line));
            }
        }
    }
}
