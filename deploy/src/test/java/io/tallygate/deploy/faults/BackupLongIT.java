package io.tallygate.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.operate.DeliveriesCommand;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.Tools;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * Backups as deploy/README.md says: everything is restored while gateways, reporters and an endpoint that bills outlive
 * the database, and then the books of all of them must agree.
 */
class BackupLongIT {
    private final Random dice = new Random(7);
    private final List<Reporter> reporters = new ArrayList<>();
    private ArchivedPostgres postgres;

    @Test
    void afterACompleteRestoreTheBooksAgreeAndNothingIsBilledTwice() throws Exception {
        try (Site site = site()) {
            World world = new World(site);
            report(world, () -> {
                Moments.pass(2000);
                world.sealNext();
                postgres.baseBackup();
            });
            FaultRun.settle(site, world);
            FaultRun.check(site, world, reporters);
            JsonNode billed = site.bill();
            postgres.archive();

            site.gateways().forEach(GatewayProcess::kill);
            postgres.restore();
            site.gateways().forEach(GatewayProcess::start);
            site.gateways().forEach(GatewayProcess::awaitReady);

            FaultRun.check(site, world, reporters);
            report(world, () -> Moments.pass(1000));
            FaultRun.settle(site, world);
            FaultRun.check(site, world, reporters);
            assertThat(figures(site)).isNotEqualTo(figures(billed));
            System.out.println(
                    "complete restore: " + figures(billed) + " billed before it, " + figures(site) + " in the end");
        }
    }

    @Test
    void afterALossyRestoreWhatWasBilledIsComparedBeforeDeliveriesGoOn() throws Exception {
        try (Site site = site()) {
            World world = new World(site);
            report(world, () -> {
                Moments.pass(1500);
                postgres.baseBackup();
            });
            FaultRun.settle(site, world);
            postgres.archive();
            postgres.loseTheArchive();
            Reporter lost = report(world, () -> Moments.pass(1500));
            world.sealAll();
            delivered(site);
            JsonNode billed = site.bill();

            site.gateways().forEach(GatewayProcess::kill);
            postgres.restore();
            site.gateways().forEach(gateway -> gateway.start(List.of("--restored")));
            site.gateways().forEach(GatewayProcess::awaitReady);
            assertThat(site.query("select reason from delivery_hold")).containsExactly("restored");
            long known = stored(site);
            lost.postAgain();
            assertThat(stored(site)).isGreaterThan(known);
            world.sealAll();
            await("what was lost is composed, and held")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> new Invariants(site).composable() == 0);
            long held = new Invariants(site).pending();
            assertThat(held).isPositive();
            Moments.pass(2000);
            assertThat(site.bill()).isEqualTo(billed);

            Path book = Files.writeString(Files.createTempFile("book", ".json"), billed.toString());
            String compared = deliveries(site, "compare", book.toString(), "--endpoint", "default", "--apply");
            assertThat(deliveries(site, "resume", "--compared")).isNotNull();
            delivered(site);

            System.out.println(
                    "lossy restore: " + (stored(site) - known) + " records posted again, " + held + " events held; "
                            + figures(billed) + " billed before, " + figures(site) + " in the end\n" + compared);
            FaultRun.check(site, world, reporters);
        }
    }

    @Test
    void aDumpIsTheWholeDatabase() throws Exception {
        try (Site site = site()) {
            World world = new World(site);
            report(world, () -> Moments.pass(1500));
            FaultRun.settle(site, world);
            site.gateways().forEach(GatewayProcess::kill);
            postgres.dumpAndRestore();
            site.gateways().forEach(GatewayProcess::start);
            site.gateways().forEach(GatewayProcess::awaitReady);
            FaultRun.check(site, world, reporters);
            report(world, () -> Moments.pass(1000));
            FaultRun.settle(site, world);
            FaultRun.check(site, world, reporters);
            System.out.println("dump and restore: " + figures(site) + " billed in the end");
        }
    }

    private Site site() throws Exception {
        Path binaries = Tools.requirePostgres();
        return new Site(directory -> postgres = ArchivedPostgres.start(binaries));
    }

    // Somebody reports usage all the while.
    private Reporter report(World world, Runnable meanwhile) throws Exception {
        Reporter reporter = new Reporter(world, dice.nextLong(), "reporter" + reporters.size(), reporters.isEmpty());
        reporters.add(reporter);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<?> reporting = thread.submit(reporter);
        meanwhile.run();
        reporter.stop();
        reporting.get(2, TimeUnit.MINUTES);
        thread.shutdown();
        return reporter;
    }

    private static void delivered(Site site) {
        Invariants invariants = new Invariants(site);
        await("everything is delivered")
                .atMost(Duration.ofMinutes(5))
                .until(() -> invariants.pending() == 0 && invariants.composable() == 0);
    }

    private static long stored(Site site) {
        return Long.parseLong(site.query("select count(*) from usage_record").get(0));
    }

    private static Stream<JsonNode> events(JsonNode bill) {
        Stream.Builder<JsonNode> events = Stream.builder();
        bill.path("subscriptions")
                .forEach(subscription -> subscription.path("events").forEach(events));
        return events.build();
    }

    private static String figures(Site site) {
        return figures(site.bill());
    }

    private static String figures(JsonNode bill) {
        return events(bill).count() + " events";
    }

    private static String deliveries(Site site, String... arguments) {
        TestIdentity identity = TestIdentity.get();
        StringWriter out = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--url",
                site.gatewayUrl(0).toString(),
                "--ca",
                identity.caFile().toString()));
        CommandLine command = DeliveriesCommand.commandLine(Map.of("TALLYGATE_OPERATOR_TOKEN", World.token()));
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        int exitCode = command.execute(all.toArray(String[]::new));
        assertThat(exitCode).as("%s: %s", all, out).isZero();
        return out.toString();
    }
}
