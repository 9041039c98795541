package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A usage event as a publisher reports it to the marketplace's metering service.
 *
 * @param resourceField the name of the field that says who pays: there are two, with or without a path
 * @param resource who pays
 * @param effectiveStartTime as it was written; without a zone it is UTC
 */
record MeteredEvent(
        String resourceField,
        String resource,
        String dimension,
        BigDecimal quantity,
        String effectiveStartTime,
        String planId) {

    /** One event is taken for each of these. */
    record Slot(String resource, String dimension, Instant hour) {}

    /** An event that cannot be understood. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;

        private final String target;

        UnreadableException(String target, String message) {
            super(message);
            this.target = target;
        }

        /** The field that is missing or wrong. */
        String target() {
            return target;
        }
    }

    /** Reads the fields of an event; says nothing about whether its values are good. */
    static MeteredEvent read(JsonNode event) throws UnreadableException {
        String field = event.hasNonNull("resourceUri") ? "resourceUri" : "resourceId";
        MeteredEvent read = new MeteredEvent(
                field,
                text(event, field),
                text(event, "dimension"),
                number(event, "quantity"),
                text(event, "effectiveStartTime"),
                text(event, "planId"));
        try {
            read.time();
        } catch (DateTimeParseException e) {
            throw new UnreadableException("effectiveStartTime", "The effectiveStartTime is no date and time.");
        }
        return read;
    }

    /** When the usage was. */
    Instant time() {
        try {
            return OffsetDateTime.parse(effectiveStartTime).toInstant();
        } catch (DateTimeParseException withoutZone) {
            return LocalDateTime.parse(effectiveStartTime).toInstant(ZoneOffset.UTC);
        }
    }

    /** What it takes up. */
    Slot slot() {
        return new Slot(resourceKey(resource), dimension, time().truncatedTo(ChronoUnit.HOURS));
    }

    /** Resources are compared without case. */
    static String resourceKey(String resource) {
        return resource.toLowerCase(Locale.ROOT);
    }

    /** The same with another quantity. */
    MeteredEvent withQuantity(BigDecimal other) {
        return new MeteredEvent(resourceField, resource, dimension, other, effectiveStartTime, planId);
    }

    /** Writes its fields. */
    ObjectNode writeTo(ObjectNode json) {
        return json.put(resourceField, resource)
                .put("quantity", quantity)
                .put("dimension", dimension)
                .put("effectiveStartTime", effectiveStartTime)
                .put("planId", planId);
    }

    private static String text(JsonNode event, String field) throws UnreadableException {
        JsonNode node = event.path(field);
        if (!node.isTextual() || node.textValue().isBlank()) {
            throw new UnreadableException(field, "The " + field + " is required.");
        }
        return node.textValue();
    }

    private static BigDecimal number(JsonNode event, String field) throws UnreadableException {
        JsonNode node = event.path(field);
        if (!node.isNumber()) {
            throw new UnreadableException(field, "The " + field + " is required.");
        }
        return node.decimalValue();
    }
}
