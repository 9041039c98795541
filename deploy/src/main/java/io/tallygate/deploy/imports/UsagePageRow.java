package io.tallygate.deploy.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A usage aggregate as the usage API answers it ({@code {id,name,type,properties}}), read as usage of one or more hours.
 *
 * @param row its number in the file; the first is 1
 */
record UsagePageRow(
        long row,
        String subscriptionId,
        String meterId,
        String resourceUri,
        String location,
        ObjectNode tags,
        ObjectNode additionalInfo,
        UsagePeriod period,
        HourlySpread spread) {

    /**
     * Reads an aggregate.
     *
     * @throws UnreadableUsageException if a property is missing or malformed
     */
    static UsagePageRow of(long row, JsonNode aggregate) throws UnreadableUsageException {
        if (!(aggregate.get("properties") instanceof ObjectNode properties)) {
            throw UnreadableUsageException.property("properties", "expected a JSON object");
        }
        ObjectNode resources = resources(properties.get("instanceData"));
        UsagePeriod period = UsagePeriod.parse(
                "usageStartTime", text(properties, "usageStartTime"), "usageEndTime", text(properties, "usageEndTime"));
        return new UsagePageRow(
                row,
                text(properties, "subscriptionId"),
                text(properties, "meterId"),
                text(resources, "resourceUri"),
                text(resources, "location"),
                object(resources, "tags"),
                object(resources, "additionalInfo"),
                period,
                HourlySpread.of(Quantity.parse("quantity", number(properties, "quantity")), period.hours()));
    }

    /** The usage record of one hour of the period; the first is 0. */
    UsageEvent hour(String source, int index) {
        return new UsageEvent(
                source,
                row + "/" + index,
                subscriptionId,
                meterId,
                resourceUri,
                location,
                tags,
                additionalInfo,
                spread.hour(index),
                period.hour(index));
    }

    private static ObjectNode resources(JsonNode instanceData) throws UnreadableUsageException {
        JsonNode data = instanceData != null && instanceData.isTextual()
                ? JsonText.object("instanceData", instanceData.textValue())
                : instanceData;
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
        JsonNode value = resources.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw UnreadableUsageException.property(name, "expected a JSON object or null");
    }
}
