package io.tallygate.routing.payer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.store.usage.CanonicalJson;
import io.tallygate.store.usage.ResourceInstance;

/** Renders {@code instanceData} for a payer: who used it, and under which meter it is billed, are in it. */
final class RoutedInstanceData {
    private RoutedInstanceData() {}

    /**
     * The complete JSON string literal. The commerce meter and the local subscription are added to
     * {@code additionalInfo}; what is no object there is kept under that name within the object that is made.
     */
    static String of(ResourceInstance resource, String commerceMeterId) {
        ObjectNode info = object(resource.additionalInfo())
                .put("commerceMeterId", commerceMeterId)
                .put("subscriptionId", resource.subscription().toString());
        return ResourceInstance.instanceData(
                resource.resourceUri(), resource.location(), resource.tags(), CanonicalJson.of(info));
    }

    private static ObjectNode object(String additionalInfo) {
        if (additionalInfo == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        JsonNode given = CanonicalJson.parse(additionalInfo);
        return given.isObject()
                ? (ObjectNode) given
                : JsonNodeFactory.instance.objectNode().set("additionalInfo", given);
    }
}
