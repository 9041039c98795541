package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.demo.DemoClient;
import io.tallygate.deploy.demo.DemoClients;
import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.deploy.testing.FaultySource;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.collect.SourceAccess;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.collect.SourceOrigin;
import io.tallygate.gateway.collect.SourceType;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One gateway collects from another, over a connection that answers badly. {@code -Dtallygate.seed=N} repeats it. */
public class CollectIT {
    /** Usage by its time, whatever the window in which it was reported. */
    public static final String USAGE = """
            select r.subscription_id, lower(m.meter_id), lower(i.resource_uri), i.location, i.tags, i.additional_info,
              r.usage_hour, trim_scale(sum(r.quantity))
            from usage_record r
            join meter m using (meter_key)
            join instance i using (subscription_id, instance_id)
            where r.reported_hour < '%s'
            group by 1, 2, 3, 4, 5, 6, 7
            order by 1, 2, 3, 4, 5, 6, 7""";

    private static final int HOURS = 4;
    // Of one hour: more than two pages.
    private static final int RESOURCES = 2_300;

    private final long seed = Long.getLong("tallygate.seed", System.nanoTime());
    private final Random dice = new Random(seed);
    private final Vertx vertx = Vertx.vertx();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final List<SubscriptionId> subscriptions = new ArrayList<>();
    private final TestGateway source = TestGateway.lagging(TestPostgres.fresh(), Duration.ofDays(1));
    private final TestWorld there = new TestWorld(source);
    private final FaultySource between = new FaultySource(vertx, source.url(), seed);
    private TestGateway central;

    @AfterEach
    void close() {
        central.close();
        between.close();
        source.close();
        vertx.close();
    }

    private static SourceConfig config(URI url, Instant begins) throws IOException {
        DemoClient client = new DemoClients(TestIdentity.OPERATOR, "clients").operator();
        return new SourceConfig(
                "stamp",
                "central",
                AggregationGranularity.Hourly,
                Duration.ZERO,
                Optional.of(begins),
                2,
                Duration.ofSeconds(2),
                Optional.of(Files.readString(TestIdentity.get().caFile())),
                new SourceOrigin.Stamp(
                        SourceType.tallygate,
                        url,
                        TestGateway.OPERATOR_SUBSCRIPTION,
                        new SourceAccess.Client(
                                URI.create(TestIdentity.get().commerceClient().getString("tokenUrl")),
                                client.clientId(),
                                client.clientSecret(),
                                "scope",
                                TokenMint.AUDIENCE + "/.default")));
    }

    private void use() {
        there.registration(UUID.randomUUID(), "stamp");
        subscriptions.add(there.subscription(tenant));
        subscriptions.add(there.subscription(tenant));
        subscriptions.add(there.subscription(new TenantId(UUID.randomUUID())));
        for (int hour = -HOURS; hour < 0; hour++) {
            StringBuilder lines = new StringBuilder();
            int resources = hour == -HOURS ? RESOURCES : 40;
            for (int i = 0; i < resources; i++) {
                Instant used = now.plus(hour, ChronoUnit.HOURS);
                lines.append(TestWorld.event(
                                "r" + hour + "-" + i,
                                subscriptions.get(i % subscriptions.size()),
                                dice.nextBoolean() ? TestWorld.CORE_HOURS : TestWorld.STATIC_IP,
                                dice.nextInt(100_000) + ".00" + (1 + dice.nextInt(9)),
                                used)
                        .replace("virtualMachines/vm", "virtualMachines/vm" + i));
            }
            assertThat(there.post(lines.toString(), true).path("Accepted").asInt())
                    .isEqualTo(resources);
        }
        // What is gone was used all the same.
        there.put(subscriptions.get(2), tenantOf(2), ",\"state\":\"Deleted\"");
    }

    private TenantId tenantOf(int subscription) {
        return new TenantId(UUID.fromString(source.postgres()
                .query("select tenant_id from subscription where subscription_id = '" + subscriptions.get(subscription)
                        + "'")
                .get(0)));
    }

    private void collect() throws IOException {
        central =
                TestGateway.collecting(TestPostgres.fresh(), config(between.url(), now.minus(HOURS, ChronoUnit.HOURS)));
        new TestWorld(central).registration(UUID.randomUUID(), "central");
    }

    private JsonNode status() {
        return HttpCaller.operator(central).get("/sources").json().path("value").path(0);
    }

    private void awaitCompleteThrough(Instant time) {
        String expected = time.toString().replace("Z", "+00:00");
        await("complete through " + time + ", seed " + seed)
                .atMost(Duration.ofMinutes(2))
                .until(() -> status().path("completeThrough").asText().equals(expected));
    }

    @Test
    void whatIsCollectedIsToTheLastDigitWhatTheOtherSealed() throws Exception {
        System.out.println("seed " + seed);
        use();
        there.sealThrough(now.minus(1, ChronoUnit.HOURS));
        between.misbehave(15);
        collect();
        // The last hour is not sealed there: that is no failure, and not complete.
        awaitCompleteThrough(now.minus(1, ChronoUnit.HOURS));
        between.misbehave(0);
        assertThat(status().path("waiting").asInt()).isEqualTo(1);

        there.sealThrough(now);
        // It would be asked again after a while.
        central.postgres()
                .execute("update collect_window set next_attempt_at = clock_timestamp() where collected_at is null");
        awaitCompleteThrough(now);
        List<String> expected = source.postgres().query(USAGE.formatted(now));
        assertThat(expected).hasSizeGreaterThan(RESOURCES);
        await("subscriptions are known")
                .atMost(Duration.ofMinutes(1))
                .until(() -> central.postgres()
                        .query("select count(*) from quarantined_record")
                        .equals(List.of("0")));
        assertThat(central.postgres().query(USAGE.formatted("infinity")))
                .as("%s, seed %d", between.injected(), seed)
                .isEqualTo(expected);
        assertThat(central.postgres().query("select * from conflicting_record")).isEmpty();
        assertThat(status().at("/counts/rows").asInt()).isEqualTo(RESOURCES + 40 * (HOURS - 1));
        completeness();
    }

    private void completeness() {
        String through = now.toString().replace("Z", "+00:00");
        JsonNode all = HttpCaller.operator(central).get("/completeness").json();
        assertThat(all.at("/sources/0/completeThrough").asText()).isEqualTo(through);
        assertThat(all.at("/registrations/0/completeThrough").asText()).isEqualTo(through);
        JsonNode own = HttpCaller.of(central, tenant, Role.USAGE_READ)
                .get("/completeness")
                .json();
        assertThat(own.path("tenants")).hasSize(1);
        assertThat(own.at("/tenants/0/tenantId").asText()).isEqualTo(tenant.toString());
        assertThat(own.at("/tenants/0/completeThrough").asText()).isEqualTo(through);
        assertThat(own.path("sources")).isEmpty();
    }
}
