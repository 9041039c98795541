package io.tallygate.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Two gateways behind HAProxy are restarted one after the other, again and again, under constant load and while an endpoint
 * is slow. {@code -Dtallygate.rounds=N} says how often, three times unless it is given.
 */
class RollingRestartLongIT {
    private static final int ROWS = 10_000;

    @Test
    void nobodyNoticesAndNothingIsBilledTwice() throws Exception {
        int rounds = Integer.getInteger("tallygate.rounds", 3);
        Map<String, String> settings = Map.of(
                "TALLYGATE_DATABASE_STATEMENT_TIMEOUT", "30s",
                "TALLYGATE_SHUTDOWN_DELAY", "4s",
                "TALLYGATE_SHUTDOWN_TIMEOUT", "30s",
                "TALLYGATE_LIMITS_TENANT_RATE", "0",
                // Nothing is refused because this machine is slow.
                "TALLYGATE_HTTP_REQUESTS_LIMIT", "64",
                "TALLYGATE_HTTP_REQUESTS_WAITING", "1000",
                "TALLYGATE_HTTP_REQUESTS_PATIENCE", "1m",
                "TALLYGATE_HTTP_TRUSTED_PROXIES", "127.0.0.1");
        try (Site site = new Site(settings, "PT20S");
                Haproxy haproxy = new Haproxy(site)) {
            World world = new World(site);
            site.switchEndpoint("{\"mode\":\"slow\",\"delayMs\":500}");
            StrictLoad load = new StrictLoad(haproxy.url(), world);
            await().ignoreExceptions().atMost(Duration.ofSeconds(30)).until(() -> {
                load.fill(ROWS);
                return true;
            });
            world.sealNext();
            await().atMost(Duration.ofSeconds(60)).untilAsserted(load::requireSealed);
            Reporter reporter = new Reporter(world, 1, "r");
            ExecutorService threads = Executors.newSingleThreadExecutor();
            threads.execute(reporter);
            load.start(ROWS);
            for (int round = 1; round <= rounds; round++) {
                for (GatewayProcess gateway : site.gateways()) {
                    // Something to deliver, while it stops.
                    world.sealNext();
                    Moments.pass(2_000);
                    assertThat(gateway.terminate()).as("exit code").isZero();
                    gateway.start();
                    gateway.awaitReady();
                    // Until HAProxy has seen it twice.
                    Moments.pass(4_000);
                }
                System.out.println(Instant.now() + " round " + round + ": " + load.answered() + ", failures "
                        + load.failures().size());
            }
            load.finish();
            reporter.stop();
            threads.shutdown();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            System.out.println(load.answered() + " " + List.copyOf(load.failures()));
            assertThat(load.failures()).isEmpty();
            assertThat(load.answered().values()).noneMatch(count -> count.get() == 0);
            site.heal();
            FaultRun.settle(site, world);
            check(site, world);
        }
    }

    private static void check(Site site, World world) {
        Invariants invariants = new Invariants(site);
        invariants.summed();
        invariants.routed();
        invariants.delivered();
        invariants.billed();
        invariants.nothingStuck();
        invariants.audited();
        invariants.balanced(world.reconciliation());
        System.out.println(site.query("select outcome, count(*) from delivery_ledger group by 1 order by 1"));
        assertThat(site.query("select distinct outcome from delivery_ledger"))
                .as("every submission under way was waited for")
                .containsExactly("Accepted");
        assertThat(site.query("select max(attempts) from delivery_event")).containsExactly("1");
        assertThat(site.query("select count(*) from delivery_ledger where fenced"))
                .containsExactly("0");
    }
}
