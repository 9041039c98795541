package io.tallygate.deploy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Postgres's own load generator: clients that each keep one connection and run one prepared statement again and again. */
final class PgBench {
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+) \\(without initial connection time\\)");
    private static final Pattern MEAN = Pattern.compile("latency average = ([0-9.]+) ms");
    private static final Pattern FAILED = Pattern.compile("number of failed transactions: (\\d+)");

    private final Map<String, String> environment;
    private final int seconds;

    /** Runs of this length against the database of this environment. */
    PgBench(Map<String, String> environment, int seconds) {
        this.environment = new HashMap<>(environment);
        // A plan made without the values takes it that a range holds a handful of rows, and sorts all of it for each
        // page.
        this.environment.merge(
                "PGOPTIONS", "-c plan_cache_mode=force_custom_plan", (given, more) -> given + " " + more);
        this.seconds = seconds;
    }

    /** Runs a statement whose {@code :name}s are bound to these values. */
    Reading run(String sql, Map<String, String> values, int clients) throws IOException {
        Path script = Files.createTempFile("bench", ".sql");
        try {
            Files.writeString(script, sql.replace('\n', ' ') + ";\n");
            List<String> words = new ArrayList<>(List.of(
                    Tools.postgres("pgbench"),
                    "-n",
                    "-M",
                    "prepared",
                    "-f",
                    script.toString(),
                    "-c",
                    Integer.toString(clients),
                    "-j",
                    Integer.toString(Math.min(2, clients)),
                    "-T",
                    Integer.toString(seconds)));
            values.forEach((name, value) -> words.addAll(List.of("-D", name + "=" + value)));
            return parse(new Command(words, environment).run().out());
        } finally {
            Files.deleteIfExists(script);
        }
    }

    /** {@code rate} in transactions a second, {@code mean} in milliseconds. */
    static Reading parse(String out) throws IOException {
        Matcher failed = FAILED.matcher(out);
        if (failed.find() && !failed.group(1).equals("0")) {
            throw new IOException("Transactions failed:\n" + out);
        }
        return new Reading(Map.of(Reading.RATE, find(RATE, out), "mean", find(MEAN, out)));
    }

    private static double find(Pattern pattern, String out) throws IOException {
        Matcher found = pattern.matcher(out);
        if (!found.find()) {
            throw new IOException("pgbench did not say " + pattern + ":\n" + out);
        }
        return Double.parseDouble(found.group(1));
    }
}
