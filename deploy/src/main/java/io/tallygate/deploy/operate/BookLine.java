package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Locale;

/**
 * One entry of an endpoint's book, as it is sent to the gateway, which judges all but the quantity.
 *
 * @param number its place in the file; the first is 1
 * @param key null if there is none; of the others likewise
 */
record BookLine(int number, String key, String payer, String dimension, String effectiveTime, BigDecimal quantity) {
    /** Entries with a key only, then the others: those of the same payer, dimension and hour are neighbours. */
    static final Comparator<BookLine> ORDER = Comparator.comparing(BookLine::hasContent)
            .thenComparing(BookLine::content)
            .thenComparingInt(BookLine::number);

    private static final int LONGEST_NUMBER = 100;

    /** @throws IllegalArgumentException if there is no quantity that is a decimal number */
    static BookLine of(int number, ObjectNode fields) {
        return new BookLine(
                number,
                text(fields, "key"),
                first(first(text(fields, "payerSubscriptionId"), text(fields, "payer")), text(fields, "resourceId")),
                text(fields, "dimension"),
                first(text(fields, "effectiveTime"), text(fields, "effectiveStartTime")),
                quantity(number, fields.path("quantity")));
    }

    /** What the gateway is told. */
    ObjectNode json() {
        ObjectNode json = OperatorClient.object();
        put(json, "key", key);
        put(json, "payerSubscriptionId", payer);
        put(json, "dimension", dimension);
        put(json, "effectiveTime", effectiveTime);
        return json.put("quantity", quantity);
    }

    /** What identifies it where there is no key, or one that is not known. */
    String content() {
        return (payer == null ? null : payer.toLowerCase(Locale.ROOT)) + " " + dimension + " " + hour();
    }

    private boolean hasContent() {
        return payer != null && dimension != null && effectiveTime != null;
    }

    // What is no time is the gateway's to refuse.
    private String hour() {
        try {
            return effectiveTime == null
                    ? null
                    : OffsetDateTime.parse(effectiveTime)
                            .toInstant()
                            .truncatedTo(ChronoUnit.HOURS)
                            .toString();
        } catch (DateTimeParseException malformed) {
            return effectiveTime;
        }
    }

    private static BigDecimal quantity(int number, JsonNode value) {
        String text = value.isNumber() || value.isTextual() ? value.asText() : "";
        try {
            if (!text.isEmpty() && text.length() <= LONGEST_NUMBER) {
                return value.isNumber() ? value.decimalValue() : new BigDecimal(text.strip());
            }
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("entry " + number + ": `quantity` is not a decimal number", malformed);
        }
        throw new IllegalArgumentException("entry " + number + ": `quantity` is missing or no decimal number");
    }

    private static String text(ObjectNode fields, String name) {
        JsonNode value = fields.path(name);
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }

    private static String first(String one, String other) {
        return one == null ? other : one;
    }

    private static void put(ObjectNode json, String name, String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
