package io.tallygate.deploy.exports;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Which rows are wanted.
 *
 * @param subscription whose usage, on the tenant route; on the admin route the provider
 * @param admin whether everyone's is wanted, that {@code subscription} may see
 * @param subscriber narrows everyone to one subscription, or null
 * @param from when it was reported, inclusive; {@code to} is exclusive
 */
record ExportRequest(
        String subscription,
        boolean admin,
        String subscriber,
        Granularity granularity,
        Instant from,
        Instant to,
        ExportFormat format) {
    private static final int POSITIONS = 2_000;
    /** How long a row's usage may be. */
    enum Granularity {
        hourly("yyyy-MM-dd'T'HH"),
        daily("yyyy-MM-dd");

        private final String boundary;

        Granularity(String boundary) {
            this.boundary = boundary;
        }

        private String name(Instant time) {
            return DateTimeFormatter.ofPattern(boundary, Locale.ROOT)
                    .withZone(ZoneOffset.UTC)
                    .format(time);
        }
    }

    /** @throws IllegalArgumentException if the range is empty */
    ExportRequest {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("--from (" + from + ") must be before --to (" + to + ")");
        }
    }

    /** Path and query, without positions. */
    String path() {
        return "/subscriptions/" + encoded(subscription)
                + (admin
                        ? "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates"
                        : "/providers/Microsoft.Commerce/UsageAggregates")
                + "?api-version=2015-06-01-preview&reportedStartTime=" + from + "&reportedEndTime=" + to
                + "&aggregationGranularity=" + granularity
                + (subscriber == null ? "" : "&subscriberId=" + encoded(subscriber))
                + "&$format=" + format.wire().name().toLowerCase(Locale.ROOT);
    }

    /**
     * The same with positions.
     *
     * @param position after which to go on, or null
     */
    String path(String position) {
        return path() + "&$positions=" + POSITIONS + (position == null ? "" : "&continuationToken=" + position);
    }

    /** What makes two exports the same one. */
    String key(String url) {
        return url.replaceFirst("/+$", "") + path() + " as " + format;
    }

    /** The name that the gateway gives such a file. */
    String fileName() {
        return "usage-" + (subscriber == null ? subscription : subscriber) + "-" + granularity + "-"
                + granularity.name(from) + "-" + granularity.name(to) + "." + format;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
