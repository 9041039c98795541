package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.demo.MeteredEvent.UnreadableException;
import java.time.Instant;

/**
 * One line of the commerce endpoint's book: an event that somebody will pay for.
 *
 * @param id the endpoint's own
 * @param requestId the {@code x-ms-requestid} that it came with
 */
record Billing(String id, MeteredEvent event, Instant messageTime, String requestId) {

    /** Writes its fields. */
    ObjectNode writeTo(ObjectNode json) {
        json.put("usageEventId", id);
        event.writeTo(json);
        return json.put("messageTime", messageTime.toString()).put("requestId", requestId);
    }

    /** Reads what {@link #writeTo} wrote. */
    static Billing read(JsonNode json) throws UnreadableException {
        return new Billing(
                json.path("usageEventId").asText(),
                MeteredEvent.read(json),
                Instant.parse(json.path("messageTime").asText()),
                json.path("requestId").asText());
    }
}
