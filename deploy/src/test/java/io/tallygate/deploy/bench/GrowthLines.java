package io.tallygate.deploy.bench;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Streams and page 1 over more and more rows, each size in a database of its own. */
final class GrowthLines implements Group {
    /** The name of the group. */
    static final String NAME = "growth";

    private static final List<Long> SIZES = List.of(100_000L, 1_000_000L, 10_000_000L);
    private static final int MOST_ROUNDS = 3;
    private static final int CLIENTS = 32;

    private final Progress progress;
    private final int seconds;

    /** With page measurements of this length. */
    GrowthLines(Progress progress, int seconds) {
        this.progress = progress;
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (long size : SIZES) {
            String database = "tallygate_" + size;
            World world = World.of(size, 1, Instant.now());
            site.server().create(database);
            new Load(site.server(), progress).load(database, world);
            try (Gateway gateway = site.gateway(database, false)) {
                lines.addAll(lines(site, rounds.atMost(MOST_ROUNDS), gateway, database, world));
            } finally {
                site.server().execute("postgres", "drop database " + database + " with (force)");
            }
        }
        return lines;
    }

    private List<Line> lines(Site site, Rounds rounds, Gateway gateway, String database, World world)
            throws IOException {
        Streams streams = new Streams(site, database, world, gateway);
        streams.storeLines();
        Psql psql = site.psql(database);
        Curl curl = site.operator();
        Wrk wrk = new Wrk(seconds);
        PgBench pgbench = new PgBench(site.server().environment(database), seconds);
        PageQuery page = PageQuery.everyone(world, 1);
        String url =
                new UsageUrl(gateway.url()).admin(World.OPERATOR_SUBSCRIPTION, "Daily", world.start(), world.end());
        double rows = world.dailyRows();
        String operator = site.identity().operator();
        Map<String, Measurement> all = new LinkedHashMap<>();
        all.put("T", () -> Reading.rate(rows / psql.run(Streams.COPY_LINES).seconds()));
        all.put("ndjson", () -> Reading.rate(rows / curl.get(streams.ndjson()).seconds()));
        all.put("pgbench", () -> pgbench.run(page.sql(), page.values(), CLIENTS));
        all.put("pages", () -> wrk.run(url, operator, CLIENTS));
        String size = Numbers.short3(rows) + " rows";
        gateway.process().forgetPeak();
        Samples samples = rounds.run("growth: " + size, all);
        Double peak = gateway.process().peakRssMb();
        return List.of(
                Line.of(
                                "growth.stream." + world.dailyRows(),
                                "NDJSON of " + size,
                                "rows/s",
                                Better.HIGHER,
                                samples.rates("ndjson"))
                        .against("T", samples.rates("T"))
                        .peakRss(peak),
                Line.of(
                                "growth.page." + world.dailyRows(),
                                "operator, page 1 of " + size + ", " + CLIENTS + " clients",
                                "pages/s",
                                Better.HIGHER,
                                samples.rates("pages"))
                        .against("pgbench, same data", samples.rates("pgbench")));
    }
}
