package io.tallygate.deploy.bench;

import io.tallygate.store.directory.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Summaries: wrk at the gateway, one client, against pgbench with a bare statement that sums the same rows. The month that
 * is loaded is repeated, so that there is a year by day and meter.
 */
final class SummaryLines implements Group {
    private static final int MONTHS = 12;
    private static final int TENANT = 7;
    private static final double TARGET_MS = 200;
    private static final String[] A_YEAR = {"""
        insert into usage_by_day (subscription_id, usage_day, meter_key, quantity, record_count)
        select subscription_id, usage_day - make_interval(days => $DAYS * n), meter_key, quantity, record_count
        from usage_by_day, generate_series(1, $MONTHS - 1) n
        order by n desc, usage_day, subscription_id, meter_key""", "vacuum (analyze) usage_by_day"};
    private static final String[] A_MONTH = {
        "delete from usage_by_day where usage_day < '$START'", "vacuum (analyze) usage_by_day"
    };
    private static final String TENANTS_YEAR = """
            select meter_key, usage_day, sum(quantity), sum(record_count)
            from usage_by_day
            where subscription_id in (select subscription_id from subscription where tenant_id = :tenant::uuid)
              and usage_day >= :from::timestamptz and usage_day < :to::timestamptz
            group by meter_key, usage_day""";
    private static final String OPERATORS_MONTH = """
            select tenant_id, meter_key, usage_day, sum(quantity), sum(record_count)
            from usage_by_day join subscription using (subscription_id)
            where usage_day >= :from::timestamptz and usage_day < :to::timestamptz
            group by tenant_id, meter_key, usage_day""";
    // Usage of the benchmark is reported in the hour in which it was used.
    private static final String TENANTS_RESOURCES = """
            select lower(resource_uri), meter_key, sum(quantity), sum(record_count)
            from usage_daily join instance using (subscription_id, instance_id)
            where subscription_id in (select subscription_id from subscription where tenant_id = :tenant::uuid)
              and reported_time >= :from::timestamptz and reported_time < :to::timestamptz
            group by 1, 2""";
    private static final String OPERATORS_TAGS = """
            select tags::json ->> 'department', meter_key, usage_time, sum(quantity), sum(record_count)
            from usage_daily join instance using (subscription_id, instance_id)
            where reported_time >= :from::timestamptz and reported_time < :to::timestamptz
            group by 1, 2, 3""";

    private final int seconds;

    /** Each measurement of this length. */
    SummaryLines(int seconds) {
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "summary";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        site.server().execute(Site.DATABASE, filled(site, A_YEAR));
        try (Gateway gateway = site.gateway(false)) {
            return new Run(site, rounds, gateway.url()).lines();
        } finally {
            site.server().execute(Site.DATABASE, filled(site, A_MONTH));
        }
    }

    private static String[] filled(Site site, String... statements) {
        return List.of(statements).stream()
                .map(sql -> sql.replace("$DAYS", Integer.toString(World.DAYS))
                        .replace("$MONTHS", Integer.toString(MONTHS))
                        .replace("$START", site.world().start().toString()))
                .toArray(String[]::new);
    }

    private final class Run {
        private final Site site;
        private final Rounds rounds;
        private final String base;
        private final Wrk wrk = new Wrk(seconds);
        private final PgBench pgbench;
        private final List<Line> lines = new ArrayList<>();

        Run(Site site, Rounds rounds, String base) {
            this.site = site;
            this.rounds = rounds;
            this.base = base;
            this.pgbench = new PgBench(site.server().environment(Site.DATABASE), seconds);
        }

        List<Line> lines() throws IOException {
            Instant month = site.world().start();
            Instant year = month.minus((MONTHS - 1L) * World.DAYS, ChronoUnit.DAYS);
            TenantId tenant = World.tenant(TENANT);
            String own = site.identity().of(tenant);
            String operator = site.identity().operator();
            add("tenant", "tenant's year, daily by meter", url(year, "daily", "meter"), own, TENANTS_YEAR, year);
            add(
                    "operator",
                    "operator's month, daily by tenant",
                    url(month, "daily", "tenant"),
                    operator,
                    OPERATORS_MONTH,
                    month);
            add(
                    "resources",
                    "tenant's month by resource",
                    url(month, "total", "resource"),
                    own,
                    TENANTS_RESOURCES,
                    month);
            slow(
                    "tags",
                    "operator's month, daily by tag",
                    url(month, "daily", "tag:department"),
                    OPERATORS_TAGS
                            .replace(":from", "'" + month + "'")
                            .replace(":to", "'" + site.world().end() + "'"));
            return lines;
        }

        // Longer than a measurement by wrk.
        private void slow(String id, String what, String url, String sql) throws IOException {
            Map<String, Measurement> both = new LinkedHashMap<>();
            both.put(
                    "psql",
                    () -> Reading.seconds(site.psql().run("\\o /dev/null", sql).seconds()));
            both.put("gateway", () -> Reading.seconds(site.operator().get(url).seconds()));
            Samples samples = rounds.run(what, both);
            lines.add(Line.of("summary." + id, what, "s", Better.LOWER, samples.seconds("gateway"))
                    .against("the bare statement by psql", samples.seconds("psql"))
                    .noting("reads every aggregate"));
        }

        private String url(Instant from, String granularity, String groupBy) {
            return base + "/usage/summary?from=" + from + "&to=" + site.world().end() + "&granularity=" + granularity
                    + "&groupBy=" + groupBy;
        }

        private void add(String id, String what, String url, String token, String sql, Instant from)
                throws IOException {
            Map<String, String> values = new LinkedHashMap<>();
            values.put("from", from.toString());
            values.put("to", site.world().end().toString());
            if (sql.contains(":tenant")) {
                values.put("tenant", World.tenant(TENANT).toString());
            }
            Map<String, Measurement> both = new LinkedHashMap<>();
            both.put("pgbench", () -> pgbench.run(sql, values, 1));
            both.put("gateway", () -> wrk.run(url, token, 1));
            Samples samples = rounds.run(what, both);
            Line line = Line.of("summary." + id, what, "ms", Better.LOWER, samples.of("gateway", "mean"))
                    .against("the bare statement by pgbench", samples.of("pgbench", "mean"));
            lines.add(line.to(Target.figureAtMost(TARGET_MS)));
        }
    }
}
