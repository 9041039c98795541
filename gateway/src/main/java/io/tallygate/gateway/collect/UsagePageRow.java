package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A usage aggregate as usage APIs answer it ({@code {id,name,type,properties}}), read as usage of one or more hours. What
 * its texts may hold is for others to judge.
 *
 * @param tags a JSON object, or null
 * @param additionalInfo any JSON, or null
 */
public record UsagePageRow(
        String subscriptionId,
        String meterId,
        String resourceUri,
        String location,
        ObjectNode tags,
        JsonNode additionalInfo,
        UsagePeriod period,
        HourlySpread spread) {

    /** Reads the JSON that is in the text {@code instanceData}. */
    @FunctionalInterface
    public interface InstanceData {
        /**
         * The object in the text.
         *
         * @throws UnreadableUsageException if it holds none
         */
        ObjectNode read(String text) throws UnreadableUsageException;
    }

    /**
     * Reads an aggregate.
     *
     * @throws UnreadableUsageException if a property is missing or malformed
     */
    public static UsagePageRow of(JsonNode aggregate, InstanceData instanceData) throws UnreadableUsageException {
        if (!(aggregate.get("properties") instanceof ObjectNode properties)) {
            throw UnreadableUsageException.property("properties", "expected a JSON object");
        }
        ObjectNode resources = resources(properties.get("instanceData"), instanceData);
        UsagePeriod period = UsagePeriod.parse(
                "usageStartTime", text(properties, "usageStartTime"), "usageEndTime", text(properties, "usageEndTime"));
        return new UsagePageRow(
                text(properties, "subscriptionId"),
                text(properties, "meterId"),
                text(resources, "resourceUri"),
                text(resources, "location"),
                object(resources, "tags"),
                notNull(resources.get("additionalInfo")),
                period,
                HourlySpread.of(Quantity.parse("quantity", number(properties, "quantity")), period.hours()));
    }

    private static ObjectNode resources(JsonNode instanceData, InstanceData reader) throws UnreadableUsageException {
        JsonNode data =
                instanceData != null && instanceData.isTextual() ? reader.read(instanceData.textValue()) : instanceData;
        if (data != null && data.get("Microsoft.Resources") instanceof ObjectNode resources) {
            return resources;
        }
        throw UnreadableUsageException.property(
                "instanceData", "expected a text that holds {\"Microsoft.Resources\":{…}}");
    }

    private static String text(ObjectNode object, String name) throws UnreadableUsageException {
        JsonNode value = object.get(name);
        if (value == null || !value.isTextual()) {
            throw UnreadableUsageException.property(name, "expected a text");
        }
        return value.textValue();
    }

    /** The digits as they stand there, as a number or as a text. */
    private static String number(ObjectNode object, String name) throws UnreadableUsageException {
        JsonNode value = object.get(name);
        if (value == null || !(value.isNumber() || value.isTextual())) {
            throw UnreadableUsageException.property(name, "expected a decimal number");
        }
        return value.isBigDecimal() ? value.decimalValue().toString() : value.asText();
    }

    private static ObjectNode object(ObjectNode resources, String name) throws UnreadableUsageException {
        JsonNode value = notNull(resources.get(name));
        if (value == null || value instanceof ObjectNode) {
            return (ObjectNode) value;
        }
        throw UnreadableUsageException.property(name, "expected a JSON object or null");
    }

    private static JsonNode notNull(JsonNode value) {
        return value == null || value.isNull() ? null : value;
    }
}
