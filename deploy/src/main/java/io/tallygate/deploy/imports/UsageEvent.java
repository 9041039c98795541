package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.gateway.collect.UsagePageRow;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A usage record of one hour, as it is posted.
 *
 * @param source with {@code id} the record's identity
 * @param id with {@code source} the record's identity
 * @param subscriptionId the subscription, as text: the gateway judges it
 * @param tags a JSON object, or null
 * @param additionalInfo a JSON object, or null
 * @param quantity exact
 * @param hour the hour of consumption
 */
record UsageEvent(
        String source,
        String id,
        String subscriptionId,
        String meterId,
        String resourceUri,
        String location,
        ObjectNode tags,
        ObjectNode additionalInfo,
        BigDecimal quantity,
        Instant hour) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    /** Of one hour of a row; the first is 0. */
    static UsageEvent of(String source, String id, UsagePageRow row, int index) {
        return new UsageEvent(
                source,
                id,
                row.subscriptionId(),
                row.meterId(),
                row.resourceUri(),
                row.location(),
                row.tags(),
                (ObjectNode) row.additionalInfo(),
                row.spread().hour(index),
                row.period().hour(index));
    }

    /** The CloudEvent: one line of JSON as UTF-8, without a line feed. */
    Buffer json() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("specversion", "1.0");
            json.writeStringField("type", "io.tallygate.usage.v1");
            json.writeStringField("source", source);
            json.writeStringField("id", id);
            json.writeStringField("subject", subscriptionId);
            json.writeObjectFieldStart("data");
            json.writeStringField("meterId", meterId);
            json.writeStringField("resourceUri", resourceUri);
            json.writeStringField("location", location);
            object(json, "tags", tags);
            object(json, "additionalInfo", additionalInfo);
            json.writeNumberField("quantity", quantity);
            json.writeStringField("usageStartTime", hour.toString());
            json.writeStringField("usageEndTime", hour.plus(1, ChronoUnit.HOURS).toString());
            json.writeEndObject();
            json.writeEndObject();
        }
        return Buffer.buffer(out.toByteArray());
    }

    private static void object(JsonGenerator json, String name, ObjectNode value) throws IOException {
        if (value != null) {
            json.writeFieldName(name);
            JSON.writeTree(json, value);
        }
    }
}
