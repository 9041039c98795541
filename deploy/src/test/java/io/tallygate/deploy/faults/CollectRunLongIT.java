package io.tallygate.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.CollectIT;
import io.tallygate.deploy.demo.DemoClient;
import io.tallygate.deploy.demo.DemoClients;
import io.tallygate.deploy.demo.TokenMint;
import io.tallygate.deploy.testing.FaultySource;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.testing.OwnPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Two gateways collect from two others, over a connection that answers badly, while usage goes on being posted there and
 * collectors are killed; what is missing is found, and nothing else. {@code -Dtallygate.seed=N} repeats it.
 */
@OwnPostgres("two of them")
class CollectRunLongIT {
    @Test
    void whatIsCollectedIsToTheLastDigitWhatTheOtherSealed() throws Exception {
        long seed = Long.getLong("tallygate.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random dice = new Random(seed);
        Vertx vertx = Vertx.vertx();
        try (Site source = new Site()) {
            World world = new World(source);
            try (FaultySource between = new FaultySource(vertx, source.gatewayUrl(0), dice.nextLong());
                    Site central = central(world, between)) {
                run(source, world, between, central, dice);
            }
        }
        vertx.close();
    }

    private static void run(Site source, World world, FaultySource between, Site central, Random dice)
            throws Exception {
        Api operator = register(central, world);
        HoledUsage holed = new HoledUsage(world, dice.nextLong());
        holed.post();
        List<Reporter> reporters = List.of(
                new Reporter(world, dice.nextLong(), "a", true, 20),
                new Reporter(world, dice.nextLong(), "b", true, 20));
        ExecutorService threads = Executors.newFixedThreadPool(reporters.size());
        List<Future<?>> running =
                reporters.stream().<Future<?>>map(threads::submit).toList();
        await("windows have several pages")
                .atMost(Duration.ofMinutes(5))
                .until(() -> Integer.parseInt(
                                source.query("""
                        select coalesce(min(combinations), 0) from (
                          select count(distinct (subscription_id, meter_key, instance_id)) as combinations
                          from usage_record
                          where usage_hour = reported_hour and usage_hour >= '%s'
                          group by usage_hour) hours""".formatted(world.firstHour)).get(0))
                        > 1_200);
        between.misbehave(50);
        while (world.sealNextOver()) {
            Moments.pass(2_000);
            if (dice.nextInt(4) == 0) {
                GatewayProcess victim = central.gateway(dice);
                victim.kill();
                victim.start();
            }
        }
        between.misbehave(0);
        central.gateways().forEach(GatewayProcess::awaitReady);
        Instant through = world.sealed();
        await("all that is sealed there is collected")
                .atMost(Duration.ofMinutes(5))
                .until(() -> central.query("select count(*) from collect_window where collected_at is null")
                        .equals(List.of("0")));
        reporters.forEach(Reporter::stop);
        for (Future<?> reporter : running) {
            reporter.get(2, TimeUnit.MINUTES);
        }
        threads.shutdown();

        System.out.println(
                between.injected() + " "
                        + central.query(
                                "select count(*), sum(row_count), sum(accepted), sum(duplicate), max(attempts) from collect_window"));
        assertThat(between.injected()).hasSize(FaultySource.Fault.values().length);
        assertThat(central.query("select * from conflicting_record")).isEmpty();
        List<String> expected = source.query(CollectIT.USAGE.formatted(through));
        assertThat(expected).hasSizeGreaterThan(100);
        assertThat(central.query(CollectIT.USAGE.formatted("infinity"))).isEqualTo(expected);
        holed.requireFound(central, operator);
    }

    private static Site central(World world, FaultySource between) throws Exception {
        TestIdentity identity = TestIdentity.get();
        DemoClient client = new DemoClients(TestIdentity.OPERATOR, "clients").operator();
        JsonObject source = new JsonObject()
                .put("name", "stamp")
                .put("type", "tallygate")
                .put("registration", "faults")
                .put("url", between.url().toString())
                .put("operatorSubscriptionId", TestGateway.OPERATOR_SUBSCRIPTION.toString())
                .put("begins", HoledUsage.begins(world).toString())
                .put("lag", "PT0S")
                .put("deadline", "PT2S")
                .put("caFile", identity.caFile().toAbsolutePath().toString())
                .put("tokenUrl", identity.commerceClient().getString("tokenUrl"))
                .put("clientId", client.clientId())
                .put("clientSecret", client.clientSecret())
                .put("scope", TokenMint.AUDIENCE + "/.default");
        return new Site(
                Map.of(
                        "TALLYGATE_COLLECT_SOURCES",
                        new JsonArray().add(source).encode(),
                        "TALLYGATE_COLLECT_INTERVAL",
                        "PT0.2S",
                        "TALLYGATE_GAPS_PATIENCE",
                        "PT0S",
                        "TALLYGATE_GAPS_INTERVAL",
                        "PT1S"),
                "PT2S");
    }

    private static Api register(Site central, World world) {
        Api operator = new Api(
                central.gatewayUrl(0),
                TestIdentity.get().token(TestIdentity.OPERATOR, Role.REGISTRATION_READ_WRITE, Role.USAGE_READ_ALL));
        Api.Answer answer = operator.put(
                        world.registration() + "?api-version=2022-06-01",
                        "{\"location\":\"global\",\"properties\":{\"registrationToken\":\"token\"}}")
                .orElseThrow();
        assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
        return operator;
    }
}
