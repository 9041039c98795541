package io.tallygate.deploy.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator {@code wrk}: clients that each keep one connection and ask again as soon as they are answered. */
final class Wrk {
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern P99 = Pattern.compile("\\s99%\\s+([0-9.]+)(us|ms|s|m)\\b");
    private static final Pattern MEAN = Pattern.compile("Latency\\s+([0-9.]+)(us|ms|s|m)\\b");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern ERRORS = Pattern.compile("Socket errors: .*");

    private final int seconds;

    /** Runs of this length. */
    Wrk(int seconds) {
        this.seconds = seconds;
    }

    /** Asks for one URL with one bearer token. */
    Reading run(String url, String token, int clients) throws IOException {
        return parse(new Command(
                        List.of(
                                "wrk",
                                "--latency",
                                "--timeout",
                                "10s",
                                "-t" + Math.min(2, clients),
                                "-c" + clients,
                                "-d" + seconds + "s",
                                "-H",
                                "Authorization: Bearer " + token,
                                url),
                        Map.of())
                .run()
                .out());
    }

    /**
     * {@code rate} in requests a second, {@code mean} and {@code p99} in milliseconds.
     *
     * @throws IOException if any request failed
     */
    static Reading parse(String out) throws IOException {
        if (REFUSED.matcher(out).find() || ERRORS.matcher(out).find()) {
            throw new IOException("Requests failed:\n" + out);
        }
        return new Reading(Map.of(
                Reading.RATE,
                Double.parseDouble(find(RATE, out).group(1)),
                "mean",
                milliseconds(find(MEAN, out)),
                "p99",
                milliseconds(find(P99, out))));
    }

    private static Matcher find(Pattern pattern, String out) throws IOException {
        Matcher found = pattern.matcher(out);
        if (!found.find()) {
            throw new IOException("wrk did not say " + pattern + ":\n" + out);
        }
        return found;
    }

    private static double milliseconds(Matcher found) {
        double value = Double.parseDouble(found.group(1));
        return switch (found.group(2).toLowerCase(Locale.ROOT)) {
            case "us" -> value / 1000;
            case "ms" -> value;
            case "s" -> value * 1000;
            default -> value * 60_000;
        };
    }
}
