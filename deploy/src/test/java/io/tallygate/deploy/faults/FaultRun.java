package io.tallygate.deploy.faults;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** One seeded run: everything goes on while one fault after the other comes and is healed; then the books must agree. */
final class FaultRun {

    private final Random dice;
    private final int faults;
    private final Duration pause;
    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
    private final Deque<Fault> next = new ArrayDeque<>();
    private int count;

    /**
     * A run.
     *
     * @param pause about how long a fault lasts, and how long it is well in between
     */
    FaultRun(long seed, int faults, Duration pause) {
        this.dice = new Random(seed);
        this.faults = faults;
        this.pause = pause;
    }

    /** Runs it; gives its figures. */
    String run() throws Exception {
        try (Site site = new Site()) {
            World world = new World(site);
            List<Reporter> reporters =
                    List.of(new Reporter(world, dice.nextLong(), "a"), new Reporter(world, dice.nextLong(), "b"));
            ExecutorService threads = Executors.newFixedThreadPool(reporters.size());
            List<Future<?>> running = new ArrayList<>();
            reporters.forEach(reporter -> running.add(threads.submit(reporter)));
            for (int i = 0; i < faults; i++) {
                disturb(site, world);
            }
            site.heal();
            site.gateways().forEach(GatewayProcess::awaitReady);
            reporters.forEach(Reporter::stop);
            for (Future<?> reporter : running) {
                reporter.get(2, TimeUnit.MINUTES);
            }
            threads.shutdown();
            System.out.println(Instant.now() + " settling");
            settle(site, world);
            System.out.println(Instant.now() + " checking");
            return check(site, world, reporters);
        }
    }

    private void disturb(Site site, World world) {
        Fault fault = nextFault();
        injected.merge(fault, 1, Integer::sum);
        System.out.println(Instant.now() + " " + fault);
        fault.inject(site, dice);
        // There are so many hours to seal, and each gives something to deliver: while it is not well.
        if (count++ % Math.max(1, faults / World.SEALABLE_HOURS) == 0) {
            world.sealNext();
        }
        Moments.pass(pause.toMillis() / 2 + dice.nextInt((int) pause.toMillis()));
        if (dice.nextBoolean()) {
            world.remap(dice);
        } else {
            world.reroute(dice);
        }
        fault.heal(site);
        world.resumePayers();
        Moments.pass(dice.nextInt((int) pause.toMillis()));
    }

    // Each kind comes once before any comes again.
    private Fault nextFault() {
        if (next.isEmpty()) {
            List<Fault> all = new ArrayList<>(List.of(Fault.values()));
            Collections.shuffle(all, dice);
            next.addAll(all);
        }
        return next.remove();
    }

    // The last word on who pays is said before the last usage is routed; what was held is let go.
    static void settle(Site site, World world) {
        world.remapSurely();
        world.sealAll();
        world.rerouteSurely();
        world.sealAll();
        Invariants invariants = new Invariants(site);
        await("everything is delivered")
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    world.resumePayers();
                    return invariants.pending() == 0 && invariants.composable() == 0;
                });
    }

    private String check(Site site, World world, List<Reporter> reporters) {
        Invariants invariants = new Invariants(site);
        invariants.stored(reporters);
        invariants.summed();
        invariants.routed();
        invariants.delivered();
        invariants.billed();
        invariants.nothingStuck();
        invariants.audited();
        invariants.balanced(world.reconciliation());
        String moved = site.query("select count(*) from routed_usage where kind = 'rerouted'")
                .get(0);
        return injected + "; " + site.query("select count(*) from usage_record").get(0) + " records, "
                + site.query("select count(*) from routed_usage where kind = 'original'")
                        .get(0) + " routed, " + moved
                + " re-routed, "
                + site.query("select count(*), count(*) filter (where state = 'delivered'), max(attempts)"
                                + " from delivery_event")
                        .get(0)
                + " events|delivered|most attempts, "
                + site.query("select outcome, count(*) from delivery_ledger group by 1 order by 1")
                + ", fenced "
                + site.query("select count(*) from delivery_ledger where fenced")
                        .get(0);
    }
}
