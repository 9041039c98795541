package io.tallygate.gateway.operations;

import io.tallygate.gateway.http.Answer;
import io.tallygate.gateway.http.PublicAddress;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** What clients ask before they ask for anything else: endpoints and lists of operations. */
public final class MetadataHandler {
    private static final Map<String, String> COMMERCE_OPERATIONS = Map.of(
            "Microsoft.Commerce/UsageAggregates/read", "Reads the usage of a subscription",
            "Microsoft.Commerce.Admin/subscriberUsageAggregates/read", "Reads the usage of a provider's subscribers");
    private static final Map<String, String> REGISTRATION_OPERATIONS = Map.of(
            "Microsoft.AzureStack/registrations/read", "Reads a registration",
            "Microsoft.AzureStack/registrations/write", "Creates or changes a registration",
            "Microsoft.AzureStack/registrations/delete", "Deletes a registration",
            "Microsoft.AzureStack/registrations/getactivationkey/action", "Reads the activation key of a registration",
            "Microsoft.AzureStack/registrations/customerSubscriptions/read", "Reads who pays for a tenant",
            "Microsoft.AzureStack/registrations/customerSubscriptions/write", "Decides who pays for a tenant",
            "Microsoft.AzureStack/registrations/customerSubscriptions/delete", "Ends that a subscription pays");

    private final CloudEndpoints endpoints;
    private final PublicAddress address;

    /** Answers with the configured endpoints; those that are not configured lead to the gateway itself. */
    public MetadataHandler(CloudEndpoints endpoints, PublicAddress address) {
        this.endpoints = endpoints;
        this.address = address;
    }

    /**
     * {@code GET /metadata/endpoints}, as {@code Add-AzEnvironment -ArmEndpoint} reads it: it fails without the login
     * endpoint and at least one audience.
     */
    public Future<Answer> endpoints(RoutingContext ctx) {
        String self = address.of(ctx.request());
        JsonArray audiences = new JsonArray(endpoints.audiences());
        return Future.succeededFuture(Answer.ok(new JsonObject()
                .put("galleryEndpoint", endpoints.gallery().orElse(self))
                .put("graphEndpoint", endpoints.graph().orElse(self))
                .put("portalEndpoint", endpoints.portal().orElse(self))
                .put(
                        "authentication",
                        new JsonObject()
                                .put("loginEndpoint", endpoints.login().orElse(self))
                                .put("audiences", audiences))));
    }

    /** {@code GET /providers/Microsoft.Commerce/operations}. */
    public Future<Answer> commerceOperations(RoutingContext ctx) {
        return Future.succeededFuture(operations(COMMERCE_OPERATIONS));
    }

    /** {@code GET /providers/Microsoft.AzureStack/operations}. */
    public Future<Answer> registrationOperations(RoutingContext ctx) {
        return Future.succeededFuture(operations(REGISTRATION_OPERATIONS));
    }

    private static Answer operations(Map<String, String> operations) {
        JsonArray value = new JsonArray();
        operations.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(operation -> {
            String[] parts = operation.getKey().split("/", -1);
            value.add(new JsonObject()
                    .put("name", operation.getKey())
                    .put(
                            "display",
                            new JsonObject()
                                    .put("provider", parts[0])
                                    .put("resource", parts[1])
                                    .put("operation", parts[parts.length - 1])
                                    .put("description", operation.getValue())));
        });
        return Answer.ok(new JsonObject().put("value", value));
    }
}
