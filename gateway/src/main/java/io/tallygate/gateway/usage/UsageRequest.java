package io.tallygate.gateway.usage;

import io.tallygate.gateway.http.ApiError;
import io.tallygate.gateway.http.QueryParameters;
import io.tallygate.gateway.http.WireTime;
import io.tallygate.gateway.http.WireUuid;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a caller asks of a usage route.
 *
 * @param reportedStart inclusive, {@code reportedEnd} exclusive: boundaries of the granularity
 * @param subscriber narrows the admin route to one subscription
 */
public record UsageRequest(
        AggregationGranularity granularity,
        Instant reportedStart,
        Instant reportedEnd,
        Optional<SubscriptionId> subscriber) {

    /**
     * Reads the parameters of the tenant route; nothing is rounded.
     *
     * @throws io.tallygate.gateway.http.ApiException naming the parameter and what is expected
     */
    static UsageRequest ofTenantRoute(QueryParameters parameters) {
        AggregationGranularity granularity = parameters
                .find("aggregationGranularity")
                .map(UsageRequest::granularity)
                .orElse(AggregationGranularity.Daily);
        Instant start = time(parameters, "reportedStartTime", granularity);
        Instant end = time(parameters, "reportedEndTime", granularity);
        if (!start.isBefore(end)) {
            throw ApiError.InvalidProperty.because("`reportedStartTime` must be before `reportedEndTime`");
        }
        return new UsageRequest(granularity, start, end, Optional.empty());
    }

    /** The same with the admin route's {@code subscriberId}. */
    static UsageRequest ofAdminRoute(QueryParameters parameters) {
        UsageRequest request = ofTenantRoute(parameters);
        return new UsageRequest(
                request.granularity(),
                request.reportedStart(),
                request.reportedEnd(),
                parameters
                        .find("subscriberId")
                        .map(text -> new SubscriptionId(WireUuid.require(text, "subscriberId"))));
    }

    private static AggregationGranularity granularity(String text) {
        return Arrays.stream(AggregationGranularity.values())
                .filter(granularity -> granularity.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> ApiError.InvalidAggregationGranularity.because(
                        "`aggregationGranularity` must be Daily or Hourly"));
    }

    private static Instant time(QueryParameters parameters, String name, AggregationGranularity granularity) {
        Instant time = WireTime.parse(parameters.require(name, WireTime.EXPECTED))
                .orElseThrow(() -> ApiError.InvalidProperty.because(
                        "`" + name + "` is not a time: expected " + WireTime.EXPECTED));
        if (!granularity.isBoundary(time)) {
            String boundary = granularity == AggregationGranularity.Daily ? "midnight in UTC" : "a whole hour in UTC";
            throw ApiError.InvalidProperty.because(
                    "`" + name + "` must be " + boundary + " for granularity " + granularity + "; it is " + time);
        }
        return time;
    }
}
