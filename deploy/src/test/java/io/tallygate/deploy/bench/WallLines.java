package io.tallygate.deploy.bench;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the second wall costs a tenant: its page with the policies and without them, and against the operator's read of
 * the same page, which needs no transaction, no role and no policy.
 */
final class WallLines implements Group {
    private static final List<String> GUARDED = List.of("subscription", "usage_daily");
    private static final List<Integer> CLIENTS = List.of(1, 32);
    private static final double TARGET = 1.15;

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
        SubscriptionId large = World.subscription(World.SUBSCRIPTIONS - 1);
        SubscriptionId small = World.small(World.SMALL - 1);
        List<Line> lines = new ArrayList<>();
        try (Gateway gateway = site.gateway(false)) {
            UsageUrl url = new UsageUrl(gateway.url());
            for (int clients : CLIENTS) {
                TenantId tenant = World.tenant(World.SUBSCRIPTIONS - 1);
                lines.addAll(new Page("tenant", "tenant's page 1", large, tenant, clients).lines(site, rounds, url));
            }
            TenantId tenant = World.smallTenant(World.SMALL - 1);
            lines.addAll(new Page("small", "small tenant's page", small, tenant, 1).lines(site, rounds, url));
        }
        return lines;
    }

    private final class Page {
        private final String id;
        private final String what;
        private final SubscriptionId subscription;
        private final TenantId tenant;
        private final int clients;

        Page(String name, String what, SubscriptionId subscription, TenantId tenant, int clients) {
            this.id = "walls." + name + "." + clients;
            this.what = what + ", " + clients + (clients == 1 ? " client" : " clients");
            this.subscription = subscription;
            this.tenant = tenant;
            this.clients = clients;
        }

        List<Line> lines(Site site, Rounds rounds, UsageUrl url) throws IOException {
            World world = site.world();
            String page = url.tenant(subscription, "Daily", world.start(), world.end());
            String token = site.identity().of(tenant);
            Wrk wrk = new Wrk(seconds);
            Map<String, Measurement> inTurn = new LinkedHashMap<>();
            inTurn.put("operator", () -> wrk.run(page, site.identity().operator(), clients));
            inTurn.put("without", () -> {
                policies(site, "disable");
                try {
                    return wrk.run(page, token, clients);
                } finally {
                    policies(site, "enable");
                }
            });
            inTurn.put("with", () -> wrk.run(page, token, clients));
            Samples samples = rounds.run(what + " behind the wall", inTurn);
            Line line = Line.of(id, what + ": mean", "ms", Better.LOWER, samples.of("with", "mean"));
            Line all = Line.of(id + ".all", what + ": mean", "ms", Better.LOWER, samples.of("with", "mean"));
            boolean counts = subscription.equals(World.subscription(World.SUBSCRIPTIONS - 1));
            return List.of(
                    aimed(line.against("without policies", samples.of("without", "mean")), counts),
                    aimed(all.against("the operator's read", samples.of("operator", "mean")), counts));
        }
    }

    private static Line aimed(Line line, boolean counts) {
        return counts ? line.to(Target.atMost(TARGET)) : line.noting("a row a day: what it costs shows most");
    }

    private static void policies(Site site, String what) throws IOException {
        for (String table : GUARDED) {
            site.server().execute(Site.DATABASE, "alter table " + table + " " + what + " row level security");
        }
    }
}
