package io.tallygate.routing.grant;

import static io.tallygate.routing.testing.RoutingWorld.BASE;
import static io.tallygate.routing.testing.RoutingWorld.CORE_HOURS;
import static io.tallygate.routing.testing.RoutingWorld.OPERATOR;
import static io.tallygate.routing.testing.RoutingWorld.customer;
import static io.tallygate.routing.testing.RoutingWorld.tenant;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.routing.registration.BillingModel;
import io.tallygate.routing.registration.Registration;
import io.tallygate.routing.testing.RoutingWorld;
import io.tallygate.store.Viewer;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.aggregate.PagePosition;
import io.tallygate.store.aggregate.UsageQuery;
import io.tallygate.store.aggregate.UsageScope;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The second wall alone: whoever asks for whatever payer sees what its tenant was granted, and nothing else. */
class GrantWallIT {
    private static final SubscriptionId ONE = customer();
    private static final SubscriptionId TWO = customer();
    private static final List<SubscriptionId> PAYERS = List.of(ONE, TWO, BASE);

    private static RoutingWorld world;
    private static GrantStore grants;

    @BeforeAll
    static void route() {
        world = new RoutingWorld();
        grants = new GrantStore(world.database);
        Registration registration = world.register("north", BillingModel.PayAsYouUse);
        for (SubscriptionId payer : PAYERS) {
            TenantId tenant = tenant();
            if (!payer.equals(BASE)) {
                world.map(registration, tenant, payer, world.hour(0));
            }
            world.backfill(world.subscribe(tenant, registration), CORE_HOURS, "1", 1);
        }
        world.seal(world.hour(24));
        world.route();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static UUID grant(TenantId tenant, String subject, SubscriptionId... payers) {
        NewGrant grant = new NewGrant(UUID.randomUUID(), tenant, subject, Set.of(payers), "test", null);
        return await(grants.create(grant, OPERATOR)).grant().id();
    }

    private static String seen(TenantId tenant) {
        StringBuilder seen = new StringBuilder();
        for (AggregationGranularity granularity : AggregationGranularity.values()) {
            for (SubscriptionId payer : PAYERS) {
                UsageQuery query = new UsageQuery(
                        Viewer.ofTenant(tenant.value()),
                        new UsageScope.PaidBy(payer),
                        granularity,
                        world.start,
                        world.hour(24),
                        new PagePosition(world.start, 0),
                        10);
                int rows = await(world.routed.page(query)).rows().size();
                assertThat(await(world.routed.count(query))).isEqualTo(rows);
                seen.append(rows);
            }
        }
        return seen.toString();
    }

    @Test
    void aTenantSeesThePayersThatItWasGranted() {
        TenantId reader = tenant();
        TenantId both = tenant();
        assertThat(seen(reader)).isEqualTo("000000");

        UUID id = grant(reader, null, ONE);
        grant(both, "a subject", ONE, TWO);
        assertThat(seen(reader)).isEqualTo("100100");
        assertThat(seen(both)).isEqualTo("110110");

        world.postgres.execute("update usage_grant set expires_at = now() where grant_id = '" + id + "'");
        assertThat(seen(reader)).isEqualTo("000000");
        world.postgres.execute("update usage_grant set expires_at = null where grant_id = '" + id + "'");
        assertThat(seen(reader)).isEqualTo("100100");
        await(grants.revoke(id, OPERATOR));
        assertThat(seen(reader)).isEqualTo("000000");
        assertThat(seen(both)).isEqualTo("110110");
    }

    @Test
    void aRegistrationsOwnSubscriptionIsNeverSeen() {
        TenantId reader = tenant();
        NewGrant grant = new NewGrant(UUID.randomUUID(), reader, null, Set.of(BASE), "test", null);
        assertThat(await(grants.create(grant, OPERATOR)).notGrantable()).isEqualTo(BASE);
        world.postgres.execute("""
                insert into usage_grant (grant_id, tenant_id, customer_subscriptions, reason, created_by)
                values (gen_random_uuid(), 'TENANT', array['BASE', 'ONE']::uuid[], 'by hand', 'somebody')""".replace("TENANT", reader.toString())
                .replace("BASE", BASE.toString())
                .replace("ONE", ONE.toString()));

        assertThat(seen(reader)).isEqualTo("100100");
        assertThat(await(grants.allows(reader, "anybody", BASE))).isFalse();
        assertThat(await(grants.allows(reader, "anybody", ONE))).isTrue();
    }

    @Test
    void theFirstWallKnowsTheSubjectToo() {
        TenantId reader = tenant();
        grant(reader, "a subject", ONE);

        assertThat(await(grants.allows(reader, "a subject", ONE))).isTrue();
        assertThat(await(grants.allows(reader, "another", ONE))).isFalse();
        assertThat(await(grants.allows(reader, "a subject", TWO))).isFalse();
        assertThat(await(grants.allows(tenant(), "a subject", ONE))).isFalse();
    }

    @Test
    void whatIsMadeTwiceIsThereOnce() {
        TenantId reader = tenant();
        NewGrant grant = new NewGrant(UUID.randomUUID(), reader, null, Set.of(ONE), "test", null);
        await(grants.create(grant, OPERATOR));
        await(grants.create(grant, OPERATOR));
        await(grants.revoke(grant.id(), OPERATOR));
        await(grants.revoke(grant.id(), OPERATOR));

        assertThat(await(grants.list(reader, null, 10))).hasSize(1);
        assertThat(world.postgres.query(
                        "select action from audit_entry where target = '/grants/" + grant.id() + "' order by audit_id"))
                .containsExactly("grants.create", "grants.revoke");
    }
}
