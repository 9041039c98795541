package io.tallygate.deploy.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One gateway collects from another, over loopback, into a database of its own on the same server: hourly rows of the world, an
 * hour a window. One pass, from the first stored row on.
 */
final class CollectLines implements Group {
    private static final String DATABASE = "tallygate_collected";
    private static final double TARGET = 20_000;
    private static final double RSS_TARGET_MB = 400;
    private static final long PATIENCE_SECONDS = 900;
    private static final String STORED = "select coalesce(sum(row_count), 0) from collect_window";

    private final long rows;

    /** At least so many rows. */
    CollectLines(long rows) {
        this.rows = rows;
    }

    @Override
    public String name() {
        return "collect";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        site.server().create(DATABASE);
        site.server().execute(DATABASE, """
                insert into registration (subscription_id, resource_group, name, location, billing_model, multi_tenant)
                values (gen_random_uuid(), 'group', 'collected', 'global', 'PayAsYouUse', true)""");
        rounds.say("collecting " + Numbers.short3(rows) + " rows");
        try (Gateway source = site.gateway(false);
                Gateway central = site.gateway(DATABASE, new JsonObject().put("collect", collect(site, source)))) {
            await(site, 1);
            long began = System.nanoTime();
            long before = stored(site);
            await(site, before + rows);
            long collected = stored(site) - before;
            double seconds = (System.nanoTime() - began) / 1e9;
            Double peak = central.process().peakRssMb();
            return List.of(
                    Line.of(
                                    "collect.rows",
                                    "collected from another gateway, " + Numbers.short3(collected) + " rows",
                                    "rows/s",
                                    Better.HIGHER,
                                    List.of(collected / seconds))
                            .to(Target.figureAtLeast(TARGET))
                            .peakRss(peak),
                    Line.of(
                                    "collect.rss",
                                    "meanwhile: peak RSS of the collecting gateway",
                                    "MB",
                                    Better.LOWER,
                                    List.of(peak == null ? Double.NaN : peak))
                            .to(Target.figureAtMost(RSS_TARGET_MB)));
        } finally {
            site.server().execute("postgres", "drop database " + DATABASE + " with (force)");
        }
    }

    private static JsonObject collect(Site site, Gateway source) throws IOException {
        Path token = Files.writeString(
                site.directory().resolve("collect.token"), site.identity().operator());
        return new JsonObject()
                .put("interval", "PT0.2S")
                .put(
                        "sources",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", "source")
                                        .put("type", "tallygate")
                                        .put("registration", "collected")
                                        .put("url", source.url())
                                        .put("operatorSubscriptionId", World.OPERATOR_SUBSCRIPTION.toString())
                                        .put("begins", site.world().start().toString())
                                        .put("concurrency", 4)
                                        .put("tokenFile", token.toString())));
    }

    private static long stored(Site site) throws IOException {
        return Long.parseLong(site.server().ask(DATABASE, STORED));
    }

    private static void await(Site site, long wanted) throws IOException {
        long began = System.nanoTime();
        while (stored(site) < wanted) {
            if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new IOException("Only " + stored(site) + " rows came in " + PATIENCE_SECONDS + " s: "
                        + site.server().ask(DATABASE, "select failure from collect_source"));
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }
}
