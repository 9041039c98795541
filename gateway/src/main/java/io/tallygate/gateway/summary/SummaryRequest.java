package io.tallygate.gateway.summary;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.summary.Grouping;
import io.tallygate.store.summary.SummaryFilter;
import io.tallygate.store.summary.SummaryGranularity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a caller asks of the summary route.
 *
 * @param from when the usage was used, inclusive; {@code to} exclusive
 * @param groupBy as it was asked: {@code meter}, {@code tag:NAME} and so on
 * @param subscription whose usage; else all that the caller may see
 * @param provider the usage of whose direct tenants; not with {@code subscription}
 */
record SummaryRequest(
        Instant from,
        Instant to,
        SummaryGranularity granularity,
        String groupBy,
        Grouping grouping,
        SummaryFilter filter,
        Optional<SubscriptionId> subscription,
        Optional<SubscriptionId> provider,
        int top,
        boolean open) {
    private static final String[] NAMES = {
        "from", "to", "granularity", "groupBy", "subscription", "provider", "meter", "resource", "tag", "top", "open"
    };
    private static final String GROUPS =
            "none, meter, subscription, tenant, resource, resourceGroup, location or tag:NAME";
    private static final String TAG = "tag:";
    private static final int HOURLY_DAYS = 31;
    private static final int DAILY_DAYS = 800;
    private static final int DEFAULT_TOP = 20;
    private static final int MAX_TOP = 100;
    private static final int MAX_TOP_OF_TOTALS = 1000;

    /**
     * Reads the parameters.
     *
     * @throws io.tallygate.gateway.http.ApiException {@code InvalidProperty}, naming the parameter and what is expected
     */
    static SummaryRequest of(QueryParameters parameters) {
        parameters.only(NAMES);
        SummaryGranularity granularity =
                parameters.find("granularity").map(SummaryRequest::granularity).orElse(SummaryGranularity.DAILY);
        Instant from = time(parameters, "from", granularity);
        Instant to = time(parameters, "to", granularity);
        requireRange(from, to, granularity);
        String groupBy = parameters.text("groupBy").orElse("meter");
        Optional<SubscriptionId> subscription = parameters.uuid("subscription").map(SubscriptionId::new);
        Optional<SubscriptionId> provider = parameters.uuid("provider").map(SubscriptionId::new);
        if (subscription.isPresent() && provider.isPresent()) {
            throw invalid("`subscription` and `provider` exclude each other: give one of them");
        }
        return new SummaryRequest(
                from,
                to,
                granularity,
                groupBy,
                grouping(groupBy),
                filter(parameters),
                subscription,
                provider,
                parameters.find("top").map(text -> top(text, granularity)).orElse(DEFAULT_TOP),
                parameters.find("open").map(SummaryRequest::open).orElse(false));
    }

    private static SummaryGranularity granularity(String text) {
        return Arrays.stream(SummaryGranularity.values())
                .filter(granularity -> granularity.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> invalid("`granularity` must be hourly, daily, monthly or total"));
    }

    /** Its name on the wire. */
    static String word(SummaryGranularity granularity) {
        return granularity.name().toLowerCase(Locale.ROOT);
    }

    private static Instant time(QueryParameters parameters, String name, SummaryGranularity granularity) {
        boolean hourly = granularity == SummaryGranularity.HOURLY;
        String expected = hourly ? "a whole hour in UTC, as 2026-11-20T08:00:00Z" : "a UTC day, as 2026-11-20";
        AggregationGranularity boundary = hourly ? AggregationGranularity.Hourly : AggregationGranularity.Daily;
        return WireTime.parse(parameters.require(name, expected))
                .filter(boundary::isBoundary)
                .orElseThrow(() ->
                        invalid("`" + name + "` must be " + expected + ", for the granularity " + word(granularity)));
    }

    private static void requireRange(Instant from, Instant to, SummaryGranularity granularity) {
        if (!from.isBefore(to)) {
            throw invalid("`from` must be before `to`");
        }
        long days = ChronoUnit.DAYS.between(from, to.minusSeconds(1)) + 1;
        if (granularity == SummaryGranularity.HOURLY && days > HOURLY_DAYS) {
            throw invalid("A summary by hour may have " + HOURLY_DAYS + " days: ask for the granularity "
                    + (days > DAILY_DAYS ? "monthly" : "daily") + ", or for less time");
        }
        if (granularity == SummaryGranularity.DAILY && days > DAILY_DAYS) {
            throw invalid("A summary by day may have " + DAILY_DAYS
                    + " days: ask for the granularity monthly, or for less time");
        }
    }

    private static Grouping grouping(String text) {
        if (text.regionMatches(true, 0, TAG, 0, TAG.length()) && text.length() > TAG.length()) {
            return Grouping.byTag(text.substring(TAG.length()));
        }
        Grouping.Kind kind = switch (text.toLowerCase(Locale.ROOT)) {
            case "none" -> Grouping.Kind.NONE;
            case "meter" -> Grouping.Kind.METER;
            case "subscription" -> Grouping.Kind.SUBSCRIPTION;
            case "tenant" -> Grouping.Kind.TENANT;
            case "resource" -> Grouping.Kind.RESOURCE;
            case "resourcegroup" -> Grouping.Kind.RESOURCE_GROUP;
            case "location" -> Grouping.Kind.LOCATION;
            default -> throw invalid("`groupBy` must be " + GROUPS);
        };
        return Grouping.by(kind);
    }

    private static SummaryFilter filter(QueryParameters parameters) {
        String tag = parameters.text("tag").orElse(null);
        int equals = tag == null ? 0 : tag.indexOf('=');
        if (tag != null && equals < 1) {
            throw invalid("`tag` must be NAME=VALUE");
        }
        return new SummaryFilter(
                parameters.text("meter").orElse(null),
                parameters.text("resource").orElse(null),
                tag == null ? null : tag.substring(0, equals),
                tag == null ? null : tag.substring(equals + 1));
    }

    // Totals have a point each.
    private static int top(String text, SummaryGranularity granularity) {
        int most = granularity == SummaryGranularity.TOTAL ? MAX_TOP_OF_TOTALS : MAX_TOP;
        int top = text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
        if (top < 1 || top > most) {
            throw invalid("`top` must be a number of groups from 1 to " + most);
        }
        return top;
    }

    private static boolean open(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("`open` must be true or false");
        };
    }

    private static ApiException invalid(String message) {
        return ApiError.InvalidProperty.because(message);
    }
}
