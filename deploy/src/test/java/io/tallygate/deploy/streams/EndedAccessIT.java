package io.tallygate.deploy.streams;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.deploy.testing.BulkUsage;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.StreamCaller;
import io.tallygate.deploy.testing.StreamCaller.Reading;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What allowed an answer ends while it is under way: nobody may take the part for the whole. */
@Timeout(120)
class EndedAccessIT {
    private static final UUID PAYER = UUID.randomUUID();
    private static final TenantId RESELLER = new TenantId(UUID.randomUUID());

    private static TestPostgres postgres;
    private static BulkUsage usage;
    private static TestGateway gateway;
    private static TestWorld world;
    private static HttpCaller tenant;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.fresh();
        usage = new BulkUsage(postgres, 1000, 24);
        gateway = TestGateway.paused(postgres);
        world = new TestWorld(gateway);
        tenant = HttpCaller.of(gateway, usage.tenant, Role.USAGE_READ);
        String registration = world.registration(UUID.randomUUID(), "north");
        assertThat(world.map(registration, PAYER, usage.tenant, null).status()).isEqualTo(200);
        postgres.execute("""
                insert into routed_usage (payer_subscription_id, reported_time, seq, kind, registration_id, tenant_id,
                  subscription_id, fallback, meter_key, commerce_meter_id, instance_id, usage_time, quantity, record_count)
                select 'PAYER', reported_time, seq, 'original', (select min(registration_id) from registration), 'TENANT',
                  subscription_id, false, meter_key, 'a meter', instance_id, usage_time, quantity, record_count
                from usage_hourly""".replace("PAYER", PAYER.toString()).replace("TENANT", usage.tenant.toString()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String routed(String more) {
        return usage.path("Hourly", more).replace(usage.subscription.toString(), PAYER.toString());
    }

    private static String ndjson(String path) {
        return path + "&$format=ndjson";
    }

    private static void end(String target) {
        assertThat(HttpCaller.operator(gateway).delete(target).status()).isEqualTo(204);
    }

    private static String newestKey() {
        return postgres.query("select key_id from api_key order by created_at desc limit 1")
                .get(0);
    }

    private static StreamCaller anonymous() {
        return StreamCaller.anonymous(gateway);
    }

    private static void assertCut(Reading stream) {
        stream.resume();
        assertThatThrownBy(() -> await(stream.end())).isNotNull();
    }

    @Test
    void aStreamIsCutWhenItsGrantIsRevoked() {
        String grant = world.grant(RESELLER, null, PAYER);
        try (StreamCaller reader = StreamCaller.of(gateway, RESELLER, Role.USAGE_READ)) {
            assertThat(reader.get(ndjson(routed(""))).rows()).isEqualTo(usage.rows());

            Reading stream = reader.open(ndjson(routed("")));
            assertThat(stream.status()).isEqualTo(200);
            end("/grants/" + grant);
            assertCut(stream);
        }
    }

    @Test
    void aStreamIsCutWhenItsKeyIsRevoked() {
        assertCutOnce(() ->
                assertThat(tenant.delete("/apiKeys/" + newestKey()).status()).isEqualTo(204));
    }

    @Test
    void aStreamIsCutWhenItsKeyExpires() {
        assertCutOnce(
                () -> postgres.execute("update api_key set expires_at = now() where key_id = '" + newestKey() + "'"));
    }

    private void assertCutOnce(Runnable keyEnds) {
        String key = world.key(tenant, usage.subscription.value());
        try (StreamCaller reader = anonymous()) {
            Reading stream = reader.open(ndjson(usage.path("Hourly", "&api_key=" + key)));
            assertThat(stream.status()).isEqualTo(200);
            keyEnds.run();
            assertCut(stream);
        }
    }

    @Test
    void aPageIsRefusedWhenItsGrantIsRevokedWhileItIsRead() throws Exception {
        String grant = world.grant(RESELLER, null, PAYER);
        HttpCaller reader = HttpCaller.of(gateway, RESELLER, Role.USAGE_READ);
        for (String method : new String[] {"GET", "HEAD"}) {
            CompletableFuture<Answer> answer;
            String revoked = method.equals("GET") ? grant : world.grant(RESELLER, null, PAYER);
            try (Locked locked = new Locked(postgres, "routed_usage")) {
                answer = CompletableFuture.supplyAsync(() -> reader.send(method, routed(""), null, null));
                Awaitility.await().until(locked::isWaitedFor);
                end("/grants/" + revoked);
            }
            assertThat(answer.get(30, TimeUnit.SECONDS).status()).as(method).isEqualTo(403);
        }
    }
}
