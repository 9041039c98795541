package io.tallygate.deploy.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The same work by one, two and four gateways on one database. What is asked for at a time does not grow with them: 32
 * clients, four streams, four senders are spread over those that are used. All four run all the time, each with one
 * processor; clients, gateways and Postgres share the machine.
 */
final class ScalingLines implements Group {
    private static final int CLIENTS = 32;
    private static final int AT_ONCE = 4;
    private static final int STREAMED_DAYS = 4;
    private static final int EVENTS = 20_000;

    private final int records;
    private final int seconds;

    /** With so many records to take in, and pages for this long. */
    ScalingLines(int records, int seconds) {
        this.records = records;
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "scaling";
    }

    private interface BySize {
        Reading take(int size) throws IOException;
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        try (Deliveries deliveries = new Deliveries(site.server(), EVENTS);
                Fleet fleet = new Fleet(site, deliveries.url())) {
            World world = site.world();
            String operator = site.identity().operator();
            int last = World.SUBSCRIPTIONS - 1;
            String tenant = site.identity().of(World.tenant(last));
            List<Line> lines = new ArrayList<>();
            lines.addAll(lines(
                    rounds,
                    "operator",
                    "operator, page 1, 32 clients",
                    "pages/s",
                    size -> pages(
                            fleet,
                            size,
                            operator,
                            url -> url.admin(World.OPERATOR_SUBSCRIPTION, "Daily", world.start(), world.end()))));
            lines.addAll(lines(
                    rounds,
                    "tenant",
                    "tenant, page 1, 32 clients",
                    "pages/s",
                    size -> pages(
                            fleet,
                            size,
                            tenant,
                            url -> url.tenant(World.subscription(last), "Daily", world.start(), world.end()))));
            lines.addAll(lines(
                    rounds,
                    "stream",
                    "NDJSON, four streams",
                    "rows/s",
                    size -> fleet.timed(size, AT_ONCE, (gateway, part) -> stream(site, url(gateway)))));
            lines.addAll(lines(rounds, "ingest", "NDJSON in, four senders", "records/s", ingest(site, fleet)));
            lines.addAll(lines(
                    rounds,
                    "delivery",
                    "delivery in batches of 100 to a local endpoint",
                    "events/s",
                    size -> deliveries.take(Fleet.endpoint(size))));
            return lines;
        }
    }

    private static List<Line> lines(Rounds rounds, String id, String what, String unit, BySize measured)
            throws IOException {
        Map<String, Measurement> inTurn = new LinkedHashMap<>();
        Fleet.SIZES.forEach(size -> inTurn.put(Integer.toString(size), () -> measured.take(size)));
        Samples samples = rounds.run(what + ", by " + Fleet.SIZES + " gateways", inTurn);
        return Fleet.SIZES.stream()
                .filter(size -> size > 1)
                .map(size -> Line.of(
                                "scaling." + id + "." + size,
                                what + ": " + size + " gateways",
                                unit,
                                Better.HIGHER,
                                samples.rates(Integer.toString(size)))
                        .against("one gateway", samples.rates("1")))
                .toList();
    }

    private static UsageUrl url(Gateway gateway) {
        return new UsageUrl(gateway.url());
    }

    private Reading pages(Fleet fleet, int size, String token, Function<UsageUrl, String> page) throws IOException {
        return Reading.rate(fleet.together(
                size,
                size,
                (gateway, part) -> new Wrk(seconds)
                        .run(page.apply(url(gateway)), token, CLIENTS / size)
                        .values()
                        .get(Reading.RATE)));
    }

    private static double stream(Site site, UsageUrl url) throws IOException {
        World world = site.world();
        Instant end = world.start().plus(STREAMED_DAYS, ChronoUnit.DAYS);
        site.operator().get(url.admin(World.OPERATOR_SUBSCRIPTION, "Daily", world.start(), end) + "&$format=ndjson");
        return (double) world.slots() * STREAMED_DAYS;
    }

    private BySize ingest(Site site, Fleet fleet) throws IOException {
        UsageRecords all = new UsageRecords(site.world(), records);
        for (int part = 0; part < AT_ONCE; part++) {
            all.write(file(site, part), part, AT_ONCE);
        }
        return size -> {
            site.server().execute(Site.DATABASE, "truncate usage_identity, usage_record", "checkpoint");
            return fleet.timed(size, AT_ONCE, (gateway, part) -> post(site, gateway, part));
        };
    }

    private double post(Site site, Gateway gateway, int part) throws IOException {
        int mine = records / AT_ONCE;
        Command.Finished posted =
                site.operator().post(gateway.url() + "/usage/records", "application/x-ndjson", file(site, part));
        if (!posted.out().contains("\"Accepted\":" + mine)) {
            throw new IOException("Not all records were accepted: " + posted.out());
        }
        return mine;
    }

    private static Path file(Site site, int part) {
        return site.directory().resolve("events-" + part + ".ndjson");
    }
}
