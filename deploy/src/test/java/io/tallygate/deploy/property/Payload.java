package io.tallygate.deploy.property;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * What a record says, in a form in which two that mean the same are equal.
 *
 * @param meter in lower case
 * @param uri as written
 * @param tags an object, or JSON null for none
 * @param info any JSON, or JSON null for none
 * @param quantity without trailing zeros
 */
record Payload(
        UUID subscription,
        String meter,
        String uri,
        String location,
        JsonNode tags,
        JsonNode info,
        BigDecimal quantity,
        Instant start,
        Instant end) {

    /** What has rows of its own: the resource without case, and everything that describes it. */
    record Instance(UUID subscription, String uri, String location, JsonNode tags, JsonNode info) {}

    /** What is summed. */
    record Key(Instance instance, String meter, Instant usage) {
        Key ofDay() {
            return new Key(instance, meter, usage.truncatedTo(ChronoUnit.DAYS));
        }
    }

    Instant usageHour() {
        return start.truncatedTo(ChronoUnit.HOURS);
    }

    Key key() {
        Instance instance = new Instance(subscription, uri.toLowerCase(Locale.ROOT), location, tags, info);
        return new Key(instance, meter, usageHour());
    }

    Payload withQuantity(BigDecimal other) {
        return new Payload(subscription, meter, uri, location, tags, info, other, start, end);
    }

    Payload withStart(Instant other) {
        return new Payload(subscription, meter, uri, location, tags, info, quantity, other, other.plusSeconds(60));
    }

    /** An event in one of the many ways in which the same can be written. */
    String event(String id, Random random) {
        return event(id, random, quantityText(random), time(start, random), time(end, random));
    }

    /** The same with fields that may be wrong. */
    String event(String id, Random random, String quantityText, String startText, String endText) {
        List<String> data = new ArrayList<>(List.of(
                "\"meterId\":\"" + (random.nextBoolean() ? meter : meter.toUpperCase(Locale.ROOT)) + "\"",
                "\"resourceUri\":\"" + uri + "\"",
                "\"location\":\"" + location + "\"",
                "\"quantity\":" + quantityText,
                "\"usageStartTime\":\"" + startText + "\"",
                "\"usageEndTime\":\"" + endText + "\""));
        addOptional(data, "tags", tags, random);
        addOptional(data, "additionalInfo", info, random);
        Collections.shuffle(data, random);
        List<String> event = new ArrayList<>(List.of(
                "\"specversion\":\"1.0\"",
                "\"type\":\"io.tallygate.usage.v1\"",
                "\"source\":\"property\"",
                "\"id\":\"" + id + "\"",
                "\"subject\":\"" + subscription + "\"",
                "\"data\":{" + String.join(",", data) + "}"));
        Collections.shuffle(event, random);
        return "{" + String.join(",", event) + "}";
    }

    private static void addOptional(List<String> fields, String name, JsonNode value, Random random) {
        if (!(value instanceof NullNode)) {
            fields.add("\"" + name + "\":" + shuffled(value, random));
        } else if (random.nextBoolean()) {
            fields.add("\"" + name + "\":null");
        }
    }

    private static String shuffled(JsonNode value, Random random) {
        if (!(value instanceof ObjectNode object)) {
            return value.toString();
        }
        List<String> fields = new ArrayList<>();
        object.properties().forEach(field -> fields.add("\"" + field.getKey() + "\": " + field.getValue()));
        Collections.shuffle(fields, random);
        return "{" + String.join(", ", fields) + "}";
    }

    private String quantityText(Random random) {
        // A number may have 40 characters.
        boolean longText = quantity.toPlainString().length() > 30;
        return switch (longText ? 0 : random.nextInt(4)) {
            case 0 -> quantity.toPlainString();
            case 1 -> quantity.setScale(Math.max(0, quantity.scale()) + 2).toPlainString();
            case 2 -> quantity.unscaledValue() + "e" + -quantity.scale();
            default -> "\"" + quantity.toPlainString() + "\"";
        };
    }

    private static String time(Instant time, Random random) {
        OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
        return switch (random.nextInt(3)) {
            case 0 -> time.toString();
            case 1 -> time.toString().replace("Z", "+00:00");
            default ->
                utc.withOffsetSameInstant(ZoneOffset.ofHoursMinutes(5, 30))
                        .format(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        };
    }
}
