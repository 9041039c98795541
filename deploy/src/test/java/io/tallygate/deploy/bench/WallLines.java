package io.tallygate.deploy.bench;

import io.tallygate.store.directory.TenantId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the second wall costs those that it is for: their pages with the policies and without them, and against the
 * operator's read of the same page, which needs no transaction, no role and no policy.
 */
final class WallLines implements Group {
    private static final List<String> GUARDED = List.of("subscription", "usage_daily");
    private static final int LAST = World.SUBSCRIPTIONS - 1;
    private static final int LAST_SMALL = World.SMALL - 1;
    private static final int PROVIDER = 10;
    private static final double TARGET = 1.15;
    private static final String SMALL = "a row a day: what it costs shows most";

    private final int seconds;

    /** Each measurement of this length. */
    WallLines(int seconds) {
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "walls";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        try (Gateway gateway = site.gateway(false)) {
            return new Run(site, rounds, new UsageUrl(gateway.url())).lines();
        }
    }

    private final class Run {
        private final Site site;
        private final Rounds rounds;
        private final UsageUrl url;
        private final Wrk wrk = new Wrk(seconds);
        private final List<Line> lines = new ArrayList<>();

        Run(Site site, Rounds rounds, UsageUrl url) {
            this.site = site;
            this.rounds = rounds;
            this.url = url;
        }

        List<Line> lines() throws IOException {
            World world = site.world();
            String page = url.tenant(World.subscription(LAST), "Daily", world.start(), world.end());
            String small = url.tenant(World.small(LAST_SMALL), "Daily", world.start(), world.end());
            String provider = url.admin(World.provider(PROVIDER), "Daily", world.start(), world.end());
            page("tenant", "tenant, page 1", page, World.tenant(LAST), 1, "");
            page("tenant", "tenant, page 1", page, World.tenant(LAST), 32, "");
            page("provider", "provider of 10, page 1", provider, World.providerTenant(PROVIDER), 1, "");
            page("small", "small tenant's page", small, World.smallTenant(LAST_SMALL), 1, SMALL);
            return lines;
        }

        private void page(String id, String what, String page, TenantId tenant, int clients, String note)
                throws IOException {
            String token = site.identity().of(tenant);
            String operator = site.identity().operator();
            Map<String, Measurement> inTurn = new LinkedHashMap<>();
            inTurn.put("operator", () -> wrk.run(page, operator, clients));
            inTurn.put("without", () -> withoutPolicies(() -> wrk.run(page, token, clients)));
            inTurn.put("with", () -> wrk.run(page, token, clients));
            String title = what + ", " + clients + (clients == 1 ? " client" : " clients");
            Samples samples = rounds.run(title + ", behind the wall", inTurn);
            String name = "walls." + id + "." + clients;
            add(
                    Line.of(name, title, "ms", Better.LOWER, samples.of("with", "mean"))
                            .against("without policies", samples.of("without", "mean")),
                    note);
            add(
                    Line.of(name + ".operator", title, "ms", Better.LOWER, samples.of("with", "mean"))
                            .against("the operator's read", samples.of("operator", "mean")),
                    note.isEmpty() ? "for comparison" : note);
        }

        private void add(Line line, String note) {
            lines.add(note.isEmpty() ? line.to(Target.atMost(TARGET)) : line.noting(note));
        }

        private Reading withoutPolicies(Measurement measurement) throws IOException {
            policies("disable");
            try {
                return measurement.take();
            } finally {
                policies("enable");
            }
        }

        private void policies(String what) throws IOException {
            for (String table : GUARDED) {
                site.server().execute(Site.DATABASE, "alter table " + table + " " + what + " row level security");
            }
        }
    }
}
