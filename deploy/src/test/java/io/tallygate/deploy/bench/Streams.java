package io.tallygate.deploy.bench;

import java.io.IOException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The streams of one gateway over one database, and tables that hold exactly what they send. */
final class Streams {
    /** T: the lines that are kept, as text. */
    static final String COPY_LINES = "\\copy bench.line to '/dev/null'";

    private static final Pattern COUNT = Pattern.compile("(?m)^x-row-count: (\\d+)");
    private static final String LINE_TABLE = "create unlogged table bench.line (line text not null)";
    private static final String CELL_TABLE = """
            create unlogged table bench.cell (usage_start text, usage_end text, meter_name text, quantity text, unit text,
              resource_type text, location text, resource_group text, resource_name text, tags text, meter_id text,
              additional_info text, subscription text, tenant text, resource_uri text, name text)""";

    private final Site site;
    private final String database;
    private final World world;
    private final UsageUrl url;

    Streams(Site site, String database, World world, Gateway gateway) {
        this.site = site;
        this.database = database;
        this.world = world;
        this.url = new UsageUrl(gateway.url());
    }

    /** Everyone's daily rows. */
    String ndjson() {
        return everyone("Daily") + "&$format=ndjson";
    }

    String csv() {
        return everyone("Daily") + "&$format=csv";
    }

    /** Everyone's hourly rows. */
    String hourlyNdjson() {
        return everyone("Hourly") + "&$format=ndjson";
    }

    /** How many rows a stream will have, by a HEAD. */
    long count(String stream) throws IOException {
        Matcher count = COUNT.matcher(site.operator().head(stream));
        if (!count.find()) {
            throw new Group.Unavailable("this gateway has no streams");
        }
        return Long.parseLong(count.group(1));
    }

    /** Keeps what the stream of NDJSON sends in {@code bench.line}, a row for each line. */
    void storeLines() throws IOException {
        // No byte of the lines is taken for a delimiter or a quote.
        store("bench.line", LINE_TABLE, ndjson(), "format csv, delimiter E'\\002', quote E'\\001'");
    }

    /** Keeps what the stream of CSV sends in {@code bench.cell}. */
    void storeCells() throws IOException {
        store("bench.cell", CELL_TABLE, csv(), "format csv, header");
    }

    private void store(String table, String create, String stream, String options) throws IOException {
        if (count(stream) != world.dailyRows()) {
            throw new IOException(stream + " has " + count(stream) + " rows, not " + world.dailyRows());
        }
        site.server().execute(database, "drop table if exists " + table, create);
        String program = site.operator().shell(stream).replace("'", "''");
        site.psql(database).run("\\copy " + table + " from program '" + program + "' (" + options + ")");
        site.server().execute(database, "vacuum (freeze, analyze) " + table, "checkpoint");
        site.server().warm(database, table);
        String stored = site.server().ask(database, "select count(*) from " + table);
        if (!stored.equals(Long.toString(world.dailyRows()))) {
            throw new IOException(table + " has " + stored + " rows, not " + world.dailyRows());
        }
    }

    private String everyone(String granularity) {
        Instant from = world.start();
        return url.admin(World.OPERATOR_SUBSCRIPTION, granularity, from, world.end());
    }
}
