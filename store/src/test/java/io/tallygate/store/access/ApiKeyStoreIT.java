package io.tallygate.store.access;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.store.Viewer;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.StoreWorld;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ApiKeyStoreIT {
    private static final List<String> READ = List.of("Usage.Read");
    private static final List<String> READ_ALL = List.of("Usage.Read", "Usage.Read.All");

    private static StoreWorld world;
    private static ApiKeyStore keys;

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final Actor maker = new Actor(tenant.value(), "maker", "test");
    private final Viewer viewer = Viewer.ofTenant(tenant.value());

    @BeforeAll
    static void open() {
        world = new StoreWorld();
        keys = new ApiKeyStore(world.database);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private NewApiKey key(List<String> roles) {
        return key(roles, Instant.now().plus(Duration.ofDays(1)));
    }

    private NewApiKey key(List<String> roles, Instant expiresAt) {
        return new NewApiKey(
                UUID.randomUUID(),
                Buffer.buffer(new byte[32]),
                Buffer.buffer(new byte[4]),
                tenant,
                "test",
                Set.of(new SubscriptionId(UUID.randomUUID())),
                roles,
                expiresAt);
    }

    // Without the first wall: everyone's keys are asked for.
    @Test
    void aViewerSeesItsTenantsKeysWhateverIsAskedFor() {
        UUID id = await(keys.create(key(READ), maker)).key().id();
        Viewer other = Viewer.ofTenant(UUID.randomUUID());

        assertThat(await(keys.all(viewer, null, 100))).extracting(ApiKey::id).containsExactly(id);
        assertThat(await(keys.all(other, null, 100))).isEmpty();
        assertThat(await(keys.ofTenant(other, tenant, READ, null, 100))).isEmpty();
        assertThat(await(keys.find(other, id))).isNull();
        assertThat(await(keys.find(viewer, id))).isNotNull();
        assertThat(await(keys.all(Viewer.operator(), null, 100)))
                .extracting(ApiKey::id)
                .contains(id);
    }

    @Test
    void keysThatReadMoreAreNotAmongThoseOfWhoReadsLess() {
        UUID less = await(keys.create(key(READ), maker)).key().id();
        UUID more = await(keys.create(key(READ_ALL), maker)).key().id();

        assertThat(await(keys.ofTenant(viewer, tenant, READ, null, 100)))
                .extracting(ApiKey::id)
                .containsExactly(less);
        assertThat(await(keys.ofTenant(viewer, tenant, READ_ALL, null, 100)))
                .extracting(ApiKey::id)
                .containsExactlyInAnyOrder(less, more);
    }

    @Test
    void aKeyOfOtherRolesCannotBeStored() {
        assertThatThrownBy(() -> await(keys.create(key(List.of("Registration.ReadWrite")), maker)))
                .hasMessageContaining("api_key_roles_check");
        assertThatThrownBy(() -> await(keys.create(key(List.of()), maker))).hasMessageContaining("api_key_roles_check");
    }

    @Test
    void whatIsSaidTwiceIsDoneOnce() {
        NewApiKey key = key(READ);
        await(keys.create(key, maker));
        await(keys.create(key, maker));
        Instant revoked = await(keys.revoke(key.id(), maker)).revokedAt();
        assertThat(await(keys.revoke(key.id(), maker)).revokedAt()).isEqualTo(revoked);

        assertThat(world.postgres.query(
                        "select action from audit_entry where target = '/apiKeys/" + key.id() + "' order by audit_id"))
                .containsExactly("apiKeys.create", "apiKeys.revoke");
        assertThat(await(keys.revoke(UUID.randomUUID(), maker))).isNull();
    }

    @Test
    void theGatewayChangesNothingOfAKeyButItsUseAndItsEnd() {
        assertThat(world.postgres.query("""
                        select attname from pg_attribute
                        where attrelid = 'api_key'::regclass and attnum > 0
                          and has_column_privilege('tallygate_app', attrelid, attnum, 'update') order by 1""")).containsExactly("last_used_at", "revoked_at", "revoked_by");
        assertThat(world.postgres.query("""
                        select has_table_privilege('tallygate_app', 'api_key', 'delete'),
                          has_table_privilege('tallygate_app', 'usage_grant', 'delete')""")).containsExactly("f|f");
    }

    @Test
    void aTenantHasSoManyActiveKeysAndNoMore() {
        List<UUID> made = new ArrayList<>();
        for (int i = 0; i < KeyLimit.ACTIVE.most() - 2; i++) {
            made.add(await(keys.create(key(READ), maker)).key().id());
        }
        List<Future<KeyOutcome>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tries.add(keys.create(key(READ), maker));
        }
        for (Future<KeyOutcome> done : tries) {
            KeyOutcome outcome = await(done);
            if (outcome.reached() == null) {
                made.add(outcome.key().id());
            } else {
                assertThat(outcome.reached()).isEqualTo(KeyLimit.ACTIVE);
            }
        }
        assertThat(made).hasSize(KeyLimit.ACTIVE.most());

        await(keys.revoke(made.get(0), maker));
        NewApiKey next = key(READ);
        assertThat(await(keys.create(next, maker)).reached()).isNull();
        assertThat(await(keys.create(next, maker)).key().id())
                .as("the same again")
                .isEqualTo(next.id());
        assertThat(await(keys.create(key(READ), maker)).reached()).isEqualTo(KeyLimit.ACTIVE);
    }

    @Test
    void aTenantMakesSoManyKeysInADayAndNoMore() {
        world.postgres.execute(
                """
                insert into api_key (key_id, key_hash, made_under, tenant_id, display_name, subscriptions, roles, created_by,
                  created_at, expires_at)
                select gen_random_uuid(), sha256(convert_to(i::text, 'UTF8')), '\\x00000000', 'TENANT', i::text,
                  array[gen_random_uuid()], array['Usage.Read'], 'somebody',
                  now() - case when i < MOST then interval '23 hours' else interval '25 hours' end, now()
                from generate_series(1, 2 * MOST) i""".replace("TENANT", tenant.toString()).replace("MOST", Integer.toString(KeyLimit.A_DAY.most())));

        assertThat(await(keys.create(key(READ), maker)).reached()).isNull();
        assertThat(await(keys.create(key(READ), maker)).reached()).isEqualTo(KeyLimit.A_DAY);
    }
}
