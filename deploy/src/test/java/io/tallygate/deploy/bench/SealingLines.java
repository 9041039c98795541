package io.tallygate.deploy.bench;

import io.tallygate.routing.payer.UsageRouter;
import io.tallygate.store.Partitions;
import io.tallygate.store.window.WindowSealer;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Sealing an hour of many records, each an aggregate of its own, and routing it, by the gateway's own code against the bare
 * statements by psql, both in one transaction that is committed. The same hour is sealed again and again: what was written
 * is truncated, and a checkpoint made, before each measurement.
 */
final class SealingLines implements Group {
    private static final double TARGET = 1.3;

    private final int records;

    /** An hour of so many records. */
    SealingLines(int records) {
        this.records = records;
    }

    @Override
    public String name() {
        return "sealing";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        SealingHour hour = new SealingHour(site.server(), records);
        hour.create();
        Psql psql = site.psql(SealingHour.DATABASE);
        Partitions partitions = new Partitions();
        try (StoreAccess store = StoreAccess.open(site.server().config(SealingHour.DATABASE))) {
            WindowSealer sealer = new WindowSealer(store.database(), partitions);
            UsageRouter router = new UsageRouter(store.database(), partitions);
            Map<String, Measurement> seal = new LinkedHashMap<>();
            seal.put("psql", () -> {
                hour.unseal();
                return Reading.seconds(psql.run(hour.sealing()).seconds());
            });
            seal.put("gateway", () -> {
                hour.unseal();
                return timed(sealer::sealNext);
            });
            String what = "an hour of " + Numbers.short3(records) + " records";
            Samples sealed = rounds.run("sealing " + what, seal);
            Map<String, Measurement> route = new LinkedHashMap<>();
            route.put("psql", () -> {
                hour.unroute();
                return Reading.seconds(psql.run(hour.routing()).seconds());
            });
            route.put("gateway", () -> {
                hour.unroute();
                return timed(router::routeNext);
            });
            Samples routed = rounds.run("routing " + what, route);
            return List.of(line("seal", "sealing " + what, sealed), line("route", "routing " + what, routed));
        } finally {
            site.server().execute("postgres", "drop database " + SealingHour.DATABASE + " with (force)");
        }
    }

    private static Line line(String id, String what, Samples samples) {
        return Line.of("sealing." + id, what, "s", Better.LOWER, samples.seconds("gateway"))
                .against("the bare statements by psql", samples.seconds("psql"))
                .to(Target.atMost(TARGET));
    }

    private static Reading timed(Supplier<Future<Boolean>> work) throws IOException {
        long began = System.nanoTime();
        if (!work.get().await()) {
            throw new IOException("There was no window to work on");
        }
        return Reading.seconds((System.nanoTime() - began) / 1e9);
    }
}
