package io.tallygate.deploy.bench;

import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.Migrations;
import io.tallygate.store.directory.SubscriptionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same stream and the same pages from the peer: what a Java team would write today, Spring WebFlux over R2DBC, against
 * the same tables. It asks nobody for a token.
 */
final class PeerLines implements Group {
    private static final int CLIENTS = 32;
    private static final int STREAM_DAYS = 10;
    private static final double STREAM_TARGET = 3;
    private static final double PAGE_TARGET = 1.5;
    private static final String NDJSON = "Accept: application/x-ndjson";

    private final Path program;
    private final int seconds;

    /** With the peer's program, and page measurements of this length. */
    PeerLines(Path program, int seconds) {
        this.program = program;
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "peer";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        if (!Files.isExecutable(program)) {
            throw new Unavailable(program + " is not there");
        }
        rounds.say("starting the peer; it builds itself the first time, which takes minutes");
        int port = GatewayFile.freePort();
        try (Gateway gateway = site.gateway(false);
                ServerProcess peer = start(site, port)) {
            UsageUrl ours = new UsageUrl(gateway.url());
            UsageUrl theirs = new UsageUrl("http://127.0.0.1:" + port);
            List<Line> lines = new ArrayList<>();
            lines.add(stream(site, rounds, gateway, peer, ours, theirs));
            lines.addAll(pages(site, rounds, ours, theirs));
            return lines;
        }
    }

    private ServerProcess start(Site site, int port) throws IOException {
        DatabaseConfig database = site.server().config(Site.DATABASE);
        ProcessBuilder builder = new ProcessBuilder(program.toString());
        builder.environment()
                .putAll(Map.of(
                        "PORT", Integer.toString(port),
                        "BENCH_DB_HOST", "127.0.0.1",
                        "BENCH_DB_PORT", Integer.toString(site.server().port()),
                        "BENCH_DB_NAME", Site.DATABASE,
                        "BENCH_DB_USER", database.user(),
                        "BENCH_DB_PASSWORD", database.password(),
                        "BENCH_SCHEMA", Migrations.SCHEMA));
        Path log = site.directory().resolve("peer.log");
        return ServerProcess.start(builder, log, () -> says(log));
    }

    private static boolean says(Path log) {
        try (var lines = Files.lines(log)) {
            return lines.anyMatch("ready"::equals);
        } catch (IOException | UncheckedIOException notYet) {
            return false;
        }
    }

    private static Line stream(
            Site site, Rounds rounds, Gateway gateway, ServerProcess peer, UsageUrl ours, UsageUrl theirs)
            throws IOException {
        World world = site.world();
        Curl curl = site.operator();
        String range = "10 of the 30 days";
        String own = tenDays(ours, world);
        String other = tenDays(theirs, world);
        if (!curl.head(own + "&$format=ndjson").contains("x-row-count")) {
            throw new Unavailable("this gateway has no streams");
        }
        double rows = (double) world.slots() * STREAM_DAYS;
        long ownBytes = curl.get(own, NDJSON).bytes();
        long otherBytes = curl.get(other, NDJSON).bytes();
        Map<String, Measurement> both = new LinkedHashMap<>();
        both.put("peer", () -> Reading.rate(rows / curl.get(other, NDJSON).seconds()));
        both.put("gateway", () -> Reading.rate(rows / curl.get(own, NDJSON).seconds()));
        gateway.process().forgetPeak();
        peer.forgetPeak();
        Samples samples = rounds.run("stream of the peer", both);
        Double peerPeak = peer.peakRssMb();
        return Line.of(
                        "peer.stream",
                        "NDJSON, operator, " + range + ", against the peer",
                        "rows/s",
                        Better.HIGHER,
                        samples.rates("gateway"))
                .against("Spring WebFlux + R2DBC", samples.rates("peer"))
                .to(Target.atLeast(STREAM_TARGET))
                .peakRss(gateway.process().peakRssMb())
                .noting("the peer's peak RSS: " + (peerPeak == null ? "unknown" : Numbers.short3(peerPeak) + " MB")
                        + "; its body has " + Numbers.ratio((double) otherBytes / ownBytes) + " × our bytes");
    }

    private static String tenDays(UsageUrl url, World world) {
        return url.admin(
                World.OPERATOR_SUBSCRIPTION,
                "Daily",
                world.start(),
                world.start().plus(STREAM_DAYS, ChronoUnit.DAYS));
    }

    private List<Line> pages(Site site, Rounds rounds, UsageUrl ours, UsageUrl theirs) throws IOException {
        World world = site.world();
        Wrk wrk = new Wrk(seconds);
        SubscriptionId tenant = World.subscription(World.SUBSCRIPTIONS - 1);
        String operator = site.identity().operator();
        String own = site.identity().of(World.tenant(World.SUBSCRIPTIONS - 1));
        Map<String, Measurement> all = new LinkedHashMap<>();
        SubscriptionId everyone = World.OPERATOR_SUBSCRIPTION;
        all.put(
                "peer's operator",
                () -> wrk.run(theirs.admin(everyone, "Daily", world.start(), world.end()), operator, CLIENTS));
        all.put(
                "our operator",
                () -> wrk.run(ours.admin(everyone, "Daily", world.start(), world.end()), operator, CLIENTS));
        all.put(
                "peer's tenant",
                () -> wrk.run(theirs.tenant(tenant, "Daily", world.start(), world.end()), own, CLIENTS));
        all.put("our tenant", () -> wrk.run(ours.tenant(tenant, "Daily", world.start(), world.end()), own, CLIENTS));
        Samples samples = rounds.run("pages of the peer", all);
        List<Line> lines = new ArrayList<>();
        for (String who : List.of("operator", "tenant")) {
            lines.add(Line.of(
                            "peer." + who,
                            who + ", page 1, " + CLIENTS + " clients, against the peer",
                            "pages/s",
                            Better.HIGHER,
                            samples.rates("our " + who))
                    .against("Spring WebFlux + R2DBC", samples.rates("peer's " + who))
                    .to(Target.atLeast(PAGE_TARGET)));
        }
        return lines;
    }
}
