package io.tallygate.routing.commerce;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.store.directory.SubscriptionId;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;

/**
 * Compares what the marketplace says with what we sent: numbers as numbers and times as instants, since it writes both in
 * its own way (documented samples leave out the zone of a time, which is UTC).
 *
 * @param payerField how we name the resource; the answer may name it {@code resourceId} or {@code resourceUri}
 * @param planId of all events
 */
record MarketplaceEcho(String payerField, String planId) {
    /** Whether the object is about the event's resource, dimension and hour: under these it is recognised. */
    boolean sameSlot(JsonNode said, SubscriptionId payer, Submission.Event event) {
        return (isPayer(said.path("resourceId"), payer) || isPayer(said.path("resourceUri"), payer))
                && said.path("dimension").asText().equals(event.dimension())
                && isTime(said.path("effectiveStartTime"), event.effectiveTime());
    }

    /** Whether the object has the event's quantity and our plan as well. An answer need not say the plan. */
    boolean sameContent(JsonNode said, SubscriptionId payer, Submission.Event event) {
        JsonNode plan = said.path("planId");
        return sameSlot(said, payer, event)
                && isQuantity(said.path("quantity"), event.quantity())
                && (plan.isMissingNode() || plan.isNull() || plan.asText().equals(planId));
    }

    private static boolean isPayer(JsonNode said, SubscriptionId payer) {
        return said.asText().equalsIgnoreCase(payer.toString());
    }

    private static boolean isQuantity(JsonNode said, BigDecimal quantity) {
        return said.isNumber() && said.decimalValue().compareTo(quantity) == 0;
    }

    private static boolean isTime(JsonNode said, Instant time) {
        try {
            TemporalAccessor parsed =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(said.asText(), OffsetDateTime::from, LocalDateTime::from);
            Instant instant = parsed instanceof OffsetDateTime zoned
                    ? zoned.toInstant()
                    : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
            return instant.equals(time);
        } catch (DateTimeException nonsense) {
            return false;
        }
    }
}
