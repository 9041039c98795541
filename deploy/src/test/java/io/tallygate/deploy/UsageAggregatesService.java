package io.tallygate.deploy;

import com.azure.core.annotation.ExpectedResponses;
import com.azure.core.annotation.Get;
import com.azure.core.annotation.HeaderParam;
import com.azure.core.annotation.Headers;
import com.azure.core.annotation.Host;
import com.azure.core.annotation.HostParam;
import com.azure.core.annotation.PathParam;
import com.azure.core.annotation.QueryParam;
import com.azure.core.annotation.ServiceInterface;
import com.azure.core.annotation.UnexpectedResponseExceptionType;
import com.azure.core.http.rest.Response;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.util.Context;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import reactor.core.publisher.Mono;

/** The interface that the commerce SDK for Java hands to azure-core's RestProxy, with its models. */
@Host("{$host}")
@ServiceInterface(name = "UsageManagementClient")
public interface UsageAggregatesService {
    @Headers("Content-Type: application/json")
    @Get("/subscriptions/{subscriptionId}/providers/Microsoft.Commerce/UsageAggregates")
    @ExpectedResponses(200)
    @UnexpectedResponseExceptionType(ManagementException.class)
    Mono<Response<UsageAggregationListResult>> list(
            @HostParam("$host") String endpoint,
            @QueryParam("reportedStartTime") OffsetDateTime reportedStartTime,
            @QueryParam("reportedEndTime") OffsetDateTime reportedEndTime,
            @QueryParam("showDetails") Boolean showDetails,
            @QueryParam("aggregationGranularity") String aggregationGranularity,
            @QueryParam("continuationToken") String continuationToken,
            @QueryParam("api-version") String apiVersion,
            @PathParam("subscriptionId") String subscriptionId,
            @HeaderParam("Accept") String accept,
            Context context);

    @Headers("Content-Type: application/json")
    @Get("{nextLink}")
    @ExpectedResponses(200)
    @UnexpectedResponseExceptionType(ManagementException.class)
    Mono<Response<UsageAggregationListResult>> listNext(
            @PathParam(value = "nextLink", encoded = true) String nextLink,
            @HostParam("$host") String endpoint,
            @HeaderParam("Accept") String accept,
            Context context);

    /** A page. */
    record UsageAggregationListResult(
            @JsonProperty("value") List<UsageAggregation> value,
            @JsonProperty("nextLink") String nextLink) {}

    /** A row. */
    record UsageAggregation(
            @JsonProperty("id") String id,
            @JsonProperty("name") String name,
            @JsonProperty("type") String type,
            @JsonProperty("properties") Properties properties) {}

    /** What a row says; {@code quantity} is a float in the SDK's model, which would hide what is wrong with it. */
    record Properties(
            @JsonProperty("subscriptionId") String subscriptionId,
            @JsonProperty("meterId") String meterId,
            @JsonProperty("usageStartTime") OffsetDateTime usageStartTime,
            @JsonProperty("usageEndTime") OffsetDateTime usageEndTime,
            @JsonProperty("quantity") BigDecimal quantity,
            @JsonProperty("instanceData") String instanceData) {}
}
