package io.tallygate.deploy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole range as one stream, curl against {@code psql \copy}. T, the floor, is a table that holds exactly the lines
 * of the stream, as text.
 */
final class StreamLines implements Group {
    private static final String BINARY = "\\copy bench.line to '/dev/null' (format binary)";
    private static final String CELLS = "\\copy bench.cell to '/dev/null' (format csv, header)";
    private static final String JOINED = """
            \\copy (select a.reported_time, a.seq, a.subscription_id, a.usage_time, a.quantity, m.meter_id, m.name,
              m.unit, i.digest, i.instance_data
            from usage_daily a join meter m using (meter_key) join instance i using (subscription_id, instance_id)
            order by a.reported_time, a.seq) to '/dev/null'""";
    private static final double NDJSON_TARGET = 1.5;
    private static final double CSV_TARGET = 1.2;

    @Override
    public String name() {
        return "stream";
    }

    @Override
    public List<Line> measure(Site site, Rounds rounds) throws IOException {
        try (Gateway plain = site.gateway(false);
                Gateway tls = site.gateway(true)) {
            Streams streams = new Streams(site, Site.DATABASE, site.world(), plain);
            streams.storeLines();
            streams.storeCells();
            Psql psql = site.psql();
            Curl curl = site.operator();
            Streams secure = new Streams(site, Site.DATABASE, site.world(), tls);
            double rows = site.world().dailyRows();
            Map<String, Measurement> all = new LinkedHashMap<>();
            all.put("T", () -> Reading.rate(rows / psql.run(Streams.COPY_LINES).seconds()));
            all.put(
                    "ndjson",
                    () -> Reading.rate(rows / curl.get(streams.ndjson()).seconds()));
            all.put("tls", () -> Reading.rate(rows / curl.get(secure.ndjson()).seconds()));
            all.put(
                    "gzip",
                    () -> Reading.rate(rows
                            / curl.get(streams.ndjson(), "Accept-Encoding: gzip")
                                    .seconds()));
            all.put("joined", () -> Reading.rate(rows / psql.run(JOINED).seconds()));
            all.put("binary", () -> Reading.rate(rows / psql.run(BINARY).seconds()));
            all.put("cells", () -> Reading.rate(rows / psql.run(CELLS).seconds()));
            all.put("csv", () -> Reading.rate(rows / curl.get(streams.csv()).seconds()));
            plain.process().forgetPeak();
            Samples samples = rounds.run("streams of the whole range", all);
            Double peak = plain.process().peakRssMb();
            long bytes = curl.get(streams.ndjson()).bytes();
            long zipped = curl.get(streams.ndjson(), "Accept-Encoding: gzip").bytes();
            return lines(samples, peak, rows, bytes, zipped);
        }
    }

    private static List<Line> lines(Samples samples, Double peak, double rows, long bytes, long zipped) {
        List<Line> lines = new ArrayList<>();
        String size = Numbers.short3(bytes / 1e6) + " MB, " + Math.round(bytes / rows) + " bytes a row; "
                + Numbers.short3(Numbers.median(samples.rates("ndjson")) * bytes / rows / 1e6) + " MB/s";
        lines.add(line("ndjson", "NDJSON", samples, "ndjson")
                .against("T: \\copy of the stored lines as text", samples.rates("T"))
                .to(Target.atLeast(NDJSON_TARGET))
                .peakRss(peak)
                .noting(size));
        lines.add(line("ndjson.joined", "NDJSON", samples, "ndjson")
                .against("\\copy of the gateway's own join", samples.rates("joined")));
        lines.add(line("ndjson.binary", "NDJSON", samples, "ndjson")
                .against("B: T in binary", samples.rates("binary"))
                .noting("B is the most that Postgres gives"));
        lines.add(line("ndjson.tls", "NDJSON over TLS", samples, "tls").against("T", samples.rates("T")));
        lines.add(line("ndjson.gzip", "NDJSON with gzip", samples, "gzip")
                .against("T", samples.rates("T"))
                .noting(Numbers.ratio((double) bytes / zipped) + " × fewer bytes"));
        lines.add(line("csv", "CSV", samples, "csv")
                .against("\\copy of the stored cells as CSV", samples.rates("cells"))
                .to(Target.atLeast(CSV_TARGET)));
        return lines;
    }

    private static Line line(String id, String what, Samples samples, String who) {
        return Line.of("stream." + id, what + ", operator, whole range", "rows/s", Better.HIGHER, samples.rates(who));
    }
}
