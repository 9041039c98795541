package io.tallygate.store.collect;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.Viewer;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.StoreWorld;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Through when sources and tenants are complete, and who sees it. */
class CompletenessStoreIT {
    private static final Viewer OPERATOR = Viewer.operator();
    private static final int MANY = 100;

    private final StoreWorld world = new StoreWorld();
    private final CollectStore windows = new CollectStore(world.database);
    private final CompletenessStore store = new CompletenessStore(world.database);
    private final TenantId north = tenant();
    private final TenantId both = tenant();
    private final TenantId mixed = tenant();
    private final TenantId posts = tenant();

    @BeforeEach
    void open() {
        world.postgres.execute("delete from subscription");
        for (String name : List.of("north", "south", "posting")) {
            world.postgres.execute("""
                    insert into registration (subscription_id, resource_group, name, location, billing_model, multi_tenant)
                    values (gen_random_uuid(), 'group', '%s', 'local', 'PayAsYouUse', true)""".formatted(name));
        }
        await(windows.open("north", 1, hour(-3), Duration.ofHours(1)));
        await(windows.open("south-1", 2, hour(-6), Duration.ofHours(1)));
        await(windows.open("south-2", 2, hour(-8), Duration.ofHours(1)));
        subscription(north, 1L);
        subscription(both, 1L);
        subscription(both, 2L);
        subscription(mixed, 1L);
        subscription(mixed, 3L);
        subscription(posts, null);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static TenantId tenant() {
        return new TenantId(UUID.randomUUID());
    }

    private Instant hour(int hours) {
        return world.hour.plus(hours, ChronoUnit.HOURS);
    }

    private void subscription(TenantId tenant, Long registration) {
        SubscriptionId id = new SubscriptionId(UUID.randomUUID());
        await(new SubscriptionStore(world.database)
                .put(
                        new Subscription(id, tenant, "Test", "", Subscription.State.Enabled, id, registration),
                        StoreWorld.OPERATOR));
    }

    private void collectNext(String source) {
        CollectPlan plan = new CollectPlan(source, Duration.ofHours(1), Duration.ZERO, false, 1, Duration.ofMinutes(1));
        CollectLease lease = await(windows.claim(plan)).orElseThrow();
        assertThat(await(windows.collected(lease, CollectCounts.NONE, null))).isTrue();
    }

    private TenantCompleteness of(Viewer viewer, TenantId tenant) {
        List<TenantCompleteness> found = await(store.tenants(viewer, tenant, null, MANY));
        assertThat(found).hasSizeLessThanOrEqualTo(1);
        return found.isEmpty() ? null : found.get(0);
    }

    @Test
    void aSourceIsCompleteThroughItsFirstWindowThatIsMissing() {
        collectNext("north");
        List<SourceCompleteness> sources = await(store.sources());
        assertThat(sources).extracting(SourceCompleteness::source).containsExactly("north", "south-1", "south-2");
        SourceCompleteness first = sources.get(0);
        assertThat(first.completeThrough()).isEqualTo(hour(-2));
        assertThat(first.waiting()).isEqualTo(2);
        assertThat(first.registrationId()).isEqualTo(1);
        assertThat(sources.get(1).completeThrough()).as("nothing is planned").isEqualTo(hour(-6));
        assertThat(sources.get(1).waiting()).isZero();
    }

    @Test
    void aTenantIsCompleteThroughTheEarliestOfItsSources() {
        collectNext("north");
        assertThat(of(OPERATOR, north)).isEqualTo(new TenantCompleteness(north, 1, 1, false, hour(-2)));
        assertThat(of(OPERATOR, both)).isEqualTo(new TenantCompleteness(both, 2, 2, false, hour(-8)));
        collectNext("south-2");
        assertThat(of(OPERATOR, both).completeThrough()).isEqualTo(hour(-7));
        assertThat(of(OPERATOR, both).isAllCollected()).isTrue();
        assertThat(of(OPERATOR, mixed)).isEqualTo(new TenantCompleteness(mixed, 2, 1, false, hour(-2)));
        assertThat(of(OPERATOR, mixed).isAllCollected()).isFalse();
        assertThat(of(OPERATOR, posts)).isEqualTo(new TenantCompleteness(posts, 1, 0, false, null));
    }

    @Test
    void anAnswerIsCompleteThroughWhatWasStoredBeforeItsEnd() {
        collectNext("north");
        world.postgres.execute("update subscription set provider_subscription_id = subscription_id");
        assertThat(ofAnswer(of(north), 1)).isEqualTo(hour(-2));
        assertThat(ofAnswer(of(north), 0))
                .as("it is in the window that is open")
                .isEqualTo(hour(-3));
        assertThat(ofAnswer(of(posts), 1)).isNull();
        assertThat(ofAnswer(new UsageScope.OneServed(id(north), List.of()), 1)).isEqualTo(hour(-2));
        assertThat(ofAnswer(new UsageScope.OneSubscription(new SubscriptionId(UUID.randomUUID())), 1))
                .isNull();
        assertThat(ofAnswer(new UsageScope.DirectTenantsOf(id(both)), 1)).isIn(hour(-2), hour(-8));
        assertThat(ofAnswer(new UsageScope.Everyone(), 1)).as("somebody posts").isNull();
        assertThat(ofAnswer(new UsageScope.PaidBy(payer(2)), 1)).isEqualTo(hour(-8));
        assertThat(ofAnswer(new UsageScope.PaidBy(payer(3)), 1)).isNull();

        world.postgres.execute("delete from subscription where coalesce(registration_id, 3) = 3");
        assertThat(ofAnswer(new UsageScope.Everyone(), 1)).isEqualTo(hour(-8));
        world.postgres.execute("update collect_source set ended_at = now() where source = 'south-2'");
        assertThat(ofAnswer(new UsageScope.Everyone(), 1)).isEqualTo(hour(-6));
        assertThat(await(store.sources())).hasSize(2);
        assertThat(of(Viewer.ofTenant(both.value()), both).completeThrough()).isEqualTo(hour(-6));
        assertThat(await(store.isAnythingCollected())).isTrue();
        world.postgres.execute("insert into collect_source (source, registration_id) values ('files', 2)");
        assertThat(ofAnswer(new UsageScope.Everyone(), 1))
                .as("files may still arrive")
                .isNull();
        assertThat(of(OPERATOR, both).files()).isTrue();
        assertThat(of(OPERATOR, both).isAllCollected()).isFalse();
        world.postgres.execute("update collect_source set ended_at = now()");
        assertThat(ofAnswer(new UsageScope.Everyone(), 1)).isNull();
        assertThat(await(store.isAnythingCollected())).isFalse();
    }

    private Instant ofAnswer(UsageScope scope, int end) {
        return await(store.ofAnswer(scope, hour(end), new SubscriptionId(UUID.randomUUID())))
                .orElse(null);
    }

    private UsageScope of(TenantId tenant) {
        return new UsageScope.OneSubscription(id(tenant));
    }

    private SubscriptionId id(TenantId tenant) {
        return new SubscriptionId(UUID.fromString(world.postgres
                .query("select subscription_id from subscription where tenant_id = '" + tenant + "'")
                .get(0)));
    }

    private SubscriptionId payer(int registration) {
        return new SubscriptionId(UUID.fromString(world.postgres
                .query("select subscription_id from registration where registration_id = " + registration)
                .get(0)));
    }

    @Test
    void tenantsAreListedPageByPage() {
        List<TenantCompleteness> all = await(store.tenants(OPERATOR, null, null, MANY));
        assertThat(all).extracting(TenantCompleteness::tenant).containsExactlyInAnyOrder(north, both, mixed, posts);
        assertThat(await(store.tenants(OPERATOR, null, null, 1))).isEqualTo(all.subList(0, 1));
        assertThat(await(store.tenants(OPERATOR, null, all.get(0).tenant(), MANY)))
                .isEqualTo(all.subList(1, 4));
    }

    @Test
    void aTenantSeesItsOwnWhateverIsAsked() {
        collectNext("north");
        for (TenantId viewer : List.of(north, both, mixed, posts, tenant())) {
            List<TenantCompleteness> seen = await(store.tenants(Viewer.ofTenant(viewer.value()), null, null, MANY));
            assertThat(seen)
                    .isEqualTo(await(store.tenants(OPERATOR, null, null, MANY)).stream()
                            .filter(each -> each.tenant().equals(viewer))
                            .toList());
            assertThat(of(Viewer.ofTenant(viewer.value()), north) != null).isEqualTo(viewer.equals(north));
        }
    }

    @Test
    void aTenantSeesNoOtherSourceAndNothingElseOfItsOwn() {
        assertThat(seenBy(both, "select string_agg(source, ' ' order by source) from collect_source"))
                .isEqualTo("north south-1 south-2");
        assertThat(seenBy(north, "select string_agg(source, ' ' order by source) from collect_source"))
                .isEqualTo("north");
        collectNext("north");
        collectNext("south-1");
        assertThat(seenBy(north, "select string_agg(distinct source, ' ') from collect_window"))
                .isEqualTo("north");
        assertThat(seenBy(posts, "select count(*)::text from collect_source")).isEqualTo("0");
        for (String forbidden : List.of(
                "select failure from collect_source",
                "select problem from collect_window",
                "select nextval('collect_lease')::text")) {
            assertThatThrownBy(() -> seenBy(north, forbidden)).isInstanceOf(PgException.class);
        }
    }

    private String seenBy(TenantId viewer, String sql) {
        return await(world.database.read(
                Viewer.ofTenant(viewer.value()),
                connection -> connection
                        .query(sql)
                        .execute()
                        .map(rows -> rows.iterator().next().getString(0))));
    }

    @Test
    void aRegistrationThatIsGoneLeavesItsSource() {
        world.postgres.execute("delete from subscription; delete from registration where registration_id = 1");
        assertThat(await(store.sources()).get(0).registrationId()).isNull();
    }
}
