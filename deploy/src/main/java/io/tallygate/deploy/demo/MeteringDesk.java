package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.demo.MeteredEvent.UnreadableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes usage events as the marketplace's metering service does, and answers for each in its words
 * (learn.microsoft.com, "Marketplace metered billing APIs"). It takes events of the last 60 days, where the service
 * takes those of 24 hours, and knows every resource, dimension and plan.
 */
final class MeteringDesk {
    /** How old the hour of an event may be. */
    static final Duration MAX_AGE = Duration.ofDays(60);

    /** What the service gives for an event that it has not taken. */
    private static final String NEVER = "0001-01-01T00:00:00";

    private final CommerceBook book;
    private final Clock clock;
    private final Map<MeteringStatus, Long> counts = new EnumMap<>(MeteringStatus.class);

    MeteringDesk(CommerceBook book, Clock clock) {
        this.book = book;
        this.clock = clock;
    }

    /** What became of an event: its status, and its element in the answer to a batch. */
    record Result(MeteringStatus status, ObjectNode json) {}

    /** Bills the event, or says why not. */
    synchronized Result take(JsonNode json, String requestId) {
        Result result = decide(json, requestId);
        counts.merge(result.status(), 1L, Long::sum);
        return result;
    }

    /** How many events had each status since the start. */
    synchronized Map<MeteringStatus, Long> counts() {
        return new EnumMap<>(counts);
    }

    private Result decide(JsonNode json, String requestId) {
        MeteredEvent event;
        try {
            event = MeteredEvent.read(json);
        } catch (UnreadableException e) {
            return refused(json, MeteringStatus.BadArgument, e.target(), e.getMessage());
        }
        if (event.quantity().signum() <= 0) {
            return refused(json, MeteringStatus.InvalidQuantity, "quantity", "The quantity must be greater than 0.");
        }
        Instant now = clock.instant();
        if (event.slot().hour().isAfter(now)) {
            return refused(
                    json, MeteringStatus.BadArgument, "effectiveStartTime", "The effectiveStartTime is in the future.");
        }
        if (event.time().isBefore(now.minus(MAX_AGE))) {
            return refused(
                    json,
                    MeteringStatus.Expired,
                    "effectiveStartTime",
                    "The effectiveStartTime is more than " + MAX_AGE.toDays() + " days ago.");
        }
        Optional<Billing> earlier = book.find(event.slot());
        if (earlier.isPresent()) {
            return duplicate(json, earlier.get());
        }
        Billing billing = new Billing(UUID.randomUUID().toString(), event, now, requestId);
        book.bill(billing);
        return new Result(MeteringStatus.Accepted, element(event, billing));
    }

    private static ObjectNode element(MeteredEvent event, Billing billing) {
        return event.writeTo(CommerceJson.object()
                .put("usageEventId", billing.id())
                .put("status", MeteringStatus.Accepted.name())
                .put("messageTime", billing.messageTime().toString()));
    }

    /** The answer to an event whose hour was billed before, with what was billed then. */
    static Result duplicate(JsonNode event, Billing earlier) {
        ObjectNode json = unbilled(event, MeteringStatus.Duplicate);
        json.set("error", conflict(earlier));
        return new Result(MeteringStatus.Duplicate, json);
    }

    private static ObjectNode conflict(Billing earlier) {
        ObjectNode error = CommerceJson.object();
        ObjectNode accepted = error.putObject("additionalInfo").putObject("acceptedMessage");
        accepted.put("usageEventId", earlier.id())
                .put("status", MeteringStatus.Duplicate.name())
                .put("messageTime", earlier.messageTime().toString());
        earlier.event().writeTo(accepted);
        // The service's own words.
        return error.put("message", "This usage event already exist.").put("code", "Conflict");
    }

    /** The answer to an event that is not billed. */
    static Result refused(JsonNode event, MeteringStatus status, String target, String message) {
        ObjectNode json = unbilled(event, status);
        json.putObject("error").put("message", message).put("target", target).put("code", status.name());
        return new Result(status, json);
    }

    private static ObjectNode unbilled(JsonNode event, MeteringStatus status) {
        ObjectNode json = CommerceJson.object().put("status", status.name()).put("messageTime", NEVER);
        if (event.isObject()) {
            json.setAll((ObjectNode) event);
            json.put("status", status.name()).put("messageTime", NEVER);
        }
        return json;
    }
}
