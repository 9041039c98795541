package io.tallygate.store.aggregate;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.SealedReads;
import io.tallygate.store.Viewer;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.testing.StoreWorld;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How Postgres executes the statements that must stay fast when tables are large: as it prepared them, not copies. */
class QueryPlanIT {
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Instant END = Instant.parse("2026-03-11T00:00:00Z");
    private static final int SUBSCRIPTIONS = 10;

    private static StoreWorld world;
    private static UUID subscription;

    // One connection: what was prepared on it can be explained on it.
    @BeforeAll
    static void fill() {
        TestPostgres postgres = TestPostgres.fresh();
        DatabaseConfig config = postgres.config();
        world = new StoreWorld(
                postgres,
                new DatabaseConfig(
                        config.url(),
                        config.user(),
                        config.password(),
                        1,
                        10,
                        config.connectTimeout(),
                        Duration.ofSeconds(30)));
        postgres.execute("""
                select ensure_partitions('2026-02-01Z'), ensure_partitions('2026-03-01Z');
                insert into subscription (subscription_id, tenant_id, display_name, owner, state, provider_subscription_id)
                select md5('s' || s)::uuid, md5('t' || s)::uuid, 'Test', '', 'Enabled', md5('s1')::uuid
                from generate_series(1, %1$d) s;
                insert into instance (subscription_id, digest, resource_uri, location, instance_data)
                select md5('s' || s)::uuid, decode(md5('i' || i), 'hex'), '/i' || i, 'local', '"{}"'
                from generate_series(1, %1$d) s, generate_series(1, 30) i;
                insert into usage_record (reported_hour, subscription_id, meter_key, instance_id, usage_hour, usage_start,
                  usage_end, quantity, reported_at, source, record_id)
                select '2026-03-01Z'::timestamptz + h * interval '1 hour', subscription_id, 1, instance_id,
                  '2026-03-01Z'::timestamptz + h * interval '1 hour', '2026-03-01Z'::timestamptz + h * interval '1 hour',
                  '2026-03-01Z'::timestamptz + h * interval '1 hour', 1, now(), 'plan', h || ' ' || instance_id
                from instance, generate_series(0, 159) h;
                insert into usage_hourly (reported_time, seq, subscription_id, meter_key, instance_id, usage_time, quantity,
                  record_count)
                select reported_hour, row_number() over (partition by reported_hour order by subscription_id, instance_id),
                  subscription_id, meter_key, instance_id, usage_hour, quantity, 1
                from usage_record;
                insert into usage_daily select * from usage_hourly;
                update window_state set first_hour = '2026-03-01Z', sealed_through = '2026-03-01Z',
                  closed_through = '2026-03-01Z';
                analyze""".formatted(SUBSCRIPTIONS));
        subscription = UUID.fromString(postgres.query("select md5('s7')::uuid").get(0));
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void pagesOfOneSubscriptionAreReadByItsKey() {
        assertReadInOrder(
                Viewer.operator(), new UsageScope.OneSubscription(new SubscriptionId(subscription)), "%pkey%");
    }

    @Test
    void aTenantsPagesAreReadByTheKeyTooAndTheWallIsNotAskedForEachRow() {
        Viewer viewer = Viewer.ofTenant(
                UUID.fromString(world.postgres.query("select md5('t7')::uuid").get(0)));
        assertReadInOrder(viewer, new UsageScope.OneSubscription(new SubscriptionId(subscription)), "%pkey%");
        List<JsonObject> nodes = plan(
                viewer,
                "%from usage_daily a%subscription_id = $6%",
                "force_custom_plan",
                "'2026-03-02Z', '2026-03-11Z', 100, 1001, '2026-03-02Z', '" + subscription + "'");
        assertThat(scansOf(nodes, "usage_daily"))
                .isNotEmpty()
                .allSatisfy(scan -> assertThat(scan.getString("Filter")).contains("hashed SubPlan"));
    }

    @Test
    void aProvidersOwnPagesAreReadByAnIndexToo() {
        Viewer viewer = Viewer.ofTenant(
                UUID.fromString(world.postgres.query("select md5('t1')::uuid").get(0)));
        UUID provider =
                UUID.fromString(world.postgres.query("select md5('s1')::uuid").get(0));
        UsageQuery query = new UsageQuery(
                viewer,
                new UsageScope.DirectTenantsOf(new SubscriptionId(provider)),
                AggregationGranularity.Daily,
                START,
                END,
                new PagePosition(START, 100),
                UsageQuery.MAX_PAGE);
        await(new UsageAggregateStore(SealedReads.of(world.database), new Dimensions()).page(query));
        List<JsonObject> nodes = plan(
                viewer,
                "%from usage_daily a join subscription_provider%a.reported_time = at%",
                "force_custom_plan",
                "'2026-03-02Z', '2026-03-11Z', 100, 1001, '2026-03-02Z', '" + provider + "'");
        // The month before has no rows.
        assertThat(scansOf(nodes, "usage_daily_2026_03")).isNotEmpty().allSatisfy(scan -> {
            usesAnIndex(scan);
            assertThat(scan.getString("Filter")).contains("hashed SubPlan");
        });
    }

    @Test
    void theGatewaysOwnReadsAreNotFiltered() {
        assertReadInOrder(
                Viewer.operator(), new UsageScope.OneSubscription(new SubscriptionId(subscription)), "%pkey%");
        List<JsonObject> nodes = plan(
                Viewer.operator(),
                "%from usage_daily a%subscription_id = $6%",
                "force_custom_plan",
                "'2026-03-02Z', '2026-03-11Z', 100, 1001, '2026-03-02Z', '" + subscription + "'");
        assertThat(nodes).isNotEmpty().noneMatch(node -> node.containsKey("Filter"));
    }

    @Test
    void pagesOfEveryoneAreReadInTheirOrder() {
        assertReadInOrder(Viewer.operator(), new UsageScope.Everyone(), "%reported_time_seq%");
    }

    @Test
    void sealingReadsItsWindowByTheIndex() {
        world.postgres.execute("update window_state set closed_through = '2026-03-01 01:00Z', sealed_through ="
                + " '2026-03-01Z'; delete from usage_hourly where reported_time = '2026-03-01Z'");
        assertThat(await(world.sealer.sealNext())).isTrue();
        for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
            List<JsonObject> nodes = plan(Viewer.operator(), "%insert into usage_hourly%", mode, "'2026-03-01 05:00Z'");
            List<JsonObject> scans = scansOf(nodes, "usage_record");
            assertThat(scans).isNotEmpty().allSatisfy(QueryPlanIT::usesAnIndex);
        }
    }

    private static void assertReadInOrder(Viewer viewer, UsageScope scope, String index) {
        UsageAggregateStore store = new UsageAggregateStore(SealedReads.of(world.database), new Dimensions());
        PagePosition middle = new PagePosition(START, 100);
        for (AggregationGranularity granularity : AggregationGranularity.values()) {
            UsageQuery query = new UsageQuery(viewer, scope, granularity, START, END, middle, UsageQuery.MAX_PAGE);
            assertThat(await(store.page(query)).rows()).hasSize(UsageQuery.MAX_PAGE);
            String parameters = "'2026-03-02Z', '2026-03-11Z', 100, 1001, '2026-03-02Z'"
                    + (scope instanceof UsageScope.Everyone ? "" : ", '" + subscription + "'");
            String condition = scope instanceof UsageScope.Everyone ? "" : "%subscription_id = $6%";
            for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
                List<JsonObject> nodes = plan(
                        viewer,
                        "%from " + granularity.table() + " a%($1, $3)" + (condition.isEmpty() ? "\n%" : condition),
                        mode,
                        parameters);
                List<JsonObject> scans = scansOf(nodes, granularity.table());
                assertThat(scans).as("%s %s", granularity, mode).isNotEmpty().allSatisfy(scan -> {
                    usesAnIndex(scan);
                    assertThat(scan.getString("Index Name")).matches(index.replace("%", ".*"));
                });
                JsonObject limit = nodes.stream()
                        .filter(node -> node.getString("Node Type").equals("Limit"))
                        .findFirst()
                        .orElseThrow();
                assertThat(walk(limit))
                        .as("%s %s: no sort before the page is cut", granularity, mode)
                        .noneMatch(node -> node.getString("Node Type").contains("Sort"));
            }
        }
    }

    private static void usesAnIndex(JsonObject scan) {
        assertThat(scan.getString("Node Type")).as(scan.encode()).containsAnyOf("Index Scan", "Bitmap Heap Scan");
    }

    private static List<JsonObject> scansOf(List<JsonObject> nodes, String table) {
        return nodes.stream()
                .filter(node -> node.getString("Relation Name", "").startsWith(table))
                .toList();
    }

    private static List<JsonObject> plan(Viewer viewer, String statement, String mode, String parameters) {
        JsonArray plan = await(world.database.read(
                viewer,
                connection -> connection
                        .preparedQuery("select name from pg_prepared_statements where statement like $1 limit 1")
                        .execute(io.vertx.sqlclient.Tuple.of(statement))
                        .compose(rows -> connection
                                .query("set local random_page_cost = 1.1; set local plan_cache_mode = " + mode
                                        + "; explain (format json) execute \""
                                        + rows.iterator().next().getString(0) + "\" (" + parameters + ")")
                                .execute())
                        .map(rows ->
                                (JsonArray) rows.next().next().iterator().next().getValue(0))));
        return walk(plan.getJsonObject(0).getJsonObject("Plan")).toList();
    }

    private static Stream<JsonObject> walk(JsonObject node) {
        return Stream.concat(
                Stream.of(node),
                node.getJsonArray("Plans", new JsonArray()).stream().flatMap(child -> walk((JsonObject) child)));
    }
}
