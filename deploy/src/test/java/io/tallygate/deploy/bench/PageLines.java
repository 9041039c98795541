package io.tallygate.deploy.bench;

import io.tallygate.store.directory.SubscriptionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** Pages of 1,000 rows: wrk at the gateway against pgbench with a statement that returns the same data. */
final class PageLines implements Group {
    private static final int MEASURED = 32;
    private static final double RATE_TARGET = 1.2;
    private static final double P99_TARGET = 2;
    private static final double DEPTH_TARGET = 1.2;

    private final List<Integer> clients;
    private final int seconds;

    /** Of so many clients at once, each measurement of this length. */
    PageLines(List<Integer> clients, int seconds) {
        this.clients = clients;
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "pages";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        try (Gateway gateway = site.gateway(false)) {
            return new Run(site, rounds, gateway).lines();
        }
    }

    private final class Run {
        private final Site site;
        private final Rounds rounds;
        private final Gateway gateway;
        private final Wrk wrk = new Wrk(seconds);
        private final PgBench pgbench;
        private final UsageUrl url;
        private final List<Line> lines = new ArrayList<>();

        Run(Site site, Rounds rounds, Gateway gateway) {
            this.site = site;
            this.rounds = rounds;
            this.gateway = gateway;
            this.pgbench = new PgBench(site.server().environment(Site.DATABASE), seconds);
            this.url = new UsageUrl(gateway.url());
        }

        List<Line> lines() throws IOException {
            World world = site.world();
            SubscriptionId tenant = World.subscription(World.SUBSCRIPTIONS - 1);
            String everyone = admin(World.OPERATOR_SUBSCRIPTION);
            String tenantToken = site.identity().of(World.tenant(World.SUBSCRIPTIONS - 1));
            String tenantUrl = url.tenant(tenant, "Daily", world.start(), world.end());
            for (int count : clients) {
                page("operator", "operator, page 1", everyone, operator(), PageQuery.everyone(world, 1), count);
                page("tenant", "tenant, page 1", tenantUrl, tenantToken, PageQuery.of(world, tenant), count);
            }
            for (int size : List.of(1, 10, World.SMALL)) {
                SubscriptionId provider = World.provider(size);
                String what = "provider of " + size + " subscription" + (size == 1 ? "" : "s") + ", page 1";
                page(
                        "scope" + size,
                        what,
                        admin(provider),
                        operator(),
                        PageQuery.ofProvider(world, provider, size == World.SMALL),
                        1);
            }
            depth(everyone);
            return lines;
        }

        private String operator() {
            return site.identity().operator();
        }

        private String admin(SubscriptionId provider) {
            return url.admin(
                    provider, "Daily", site.world().start(), site.world().end());
        }

        private void page(String id, String what, String page, String token, PageQuery floor, int count)
                throws IOException {
            Map<String, Measurement> both = new LinkedHashMap<>();
            both.put("pgbench", () -> pgbench.run(floor.sql(), floor.values(), count));
            both.put("gateway", () -> wrk.run(page, token, count));
            gateway.process().forgetPeak();
            Samples samples = rounds.run(what + ", " + clients(count), both);
            boolean counts = count == MEASURED;
            Line rate = Line.of(
                            "pages." + id + "." + count,
                            what + ", " + clients(count),
                            "pages/s",
                            Better.HIGHER,
                            samples.rates("gateway"))
                    .against("pgbench, same data", samples.rates("pgbench"))
                    .peakRss(gateway.process().peakRssMb());
            lines.add(counts ? rate.to(Target.atLeast(RATE_TARGET)) : rate);
            if (counts) {
                lines.add(Line.of(
                                "pages." + id + "." + count + ".p99",
                                what + ", " + clients(count) + ": p99",
                                "ms",
                                Better.LOWER,
                                samples.of("gateway", "p99"))
                        .against("pgbench's mean", samples.of("pgbench", "mean"))
                        .to(Target.atMost(P99_TARGET)));
            }
        }

        private void depth(String first) throws IOException {
            SortedMap<Integer, String> links = new PageWalk(operator()).links(first, Set.of(50, 500));
            Map<String, Measurement> all = new LinkedHashMap<>();
            all.put("1", () -> wrk.run(first, operator(), 1));
            links.forEach((number, link) -> all.put(number.toString(), () -> wrk.run(link, operator(), 1)));
            Samples samples = rounds.run("page 1 against pages " + links.keySet(), all);
            for (int number : links.keySet()) {
                Line line = Line.of(
                                "pages.depth." + number,
                                "operator, page " + number + ", 1 client",
                                "ms",
                                Better.LOWER,
                                samples.of(Integer.toString(number), "mean"))
                        .against("page 1", samples.of("1", "mean"));
                boolean full = number != links.lastKey();
                lines.add(full ? line.to(Target.atMost(DEPTH_TARGET)) : line.noting("the last page; it may be short"));
            }
        }

        private static String clients(int count) {
            return count == 1 ? "1 client" : count + " clients";
        }
    }
}
