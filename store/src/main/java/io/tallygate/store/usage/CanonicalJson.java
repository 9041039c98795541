package io.tallygate.store.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One text for all JSON values that mean the same: keys sorted, no white space, numbers without trailing zeros. It is
 * what identities, instances and the wire's {@code instanceData} are made of.
 */
public final class CanonicalJson {
    // A number may say 1e999999999: only those are written out whose plain form stays short.
    private static final int PLAIN_DIGITS = 60;

    // Decimals as they are: a double would round them.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private CanonicalJson() {}

    /**
     * The value that a stored text says, every number exact.
     *
     * @throws IllegalStateException if it is no JSON
     */
    public static JsonNode parse(String stored) {
        try {
            return JSON.readTree(stored);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("The store holds what is no JSON", broken);
        }
    }

    /** The canonical text of a value; null for a null or missing value. */
    public static String of(JsonNode value) {
        if (value == null || value.isNull() || value.isMissingNode()) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        append(value, text);
        return text.toString();
    }

    /** A string as a JSON string literal, quotes included. */
    public static String quoted(String value) {
        StringBuilder text = new StringBuilder(value.length() + 16);
        appendQuoted(value, text);
        return text.toString();
    }

    private static void appendQuoted(String value, StringBuilder text) {
        text.append('"');
        JsonStringEncoder.getInstance().quoteAsString(value, text);
        text.append('"');
    }

    /** A decimal in plain notation without trailing zeros: 100 and 0.5, never 1E+2 or 5.0E-1. */
    public static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static void append(JsonNode value, StringBuilder text) {
        switch (value.getNodeType()) {
            case OBJECT -> appendObject(value, text);
            case ARRAY -> {
                text.append('[');
                for (int i = 0; i < value.size(); i++) {
                    append(value.get(i), i == 0 ? text : text.append(','));
                }
                text.append(']');
            }
            case STRING -> appendQuoted(value.textValue(), text);
            case NUMBER -> text.append(number(value.decimalValue()));
            default -> text.append(value.asText());
        }
    }

    private static void appendObject(JsonNode object, StringBuilder text) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        Collections.sort(names);
        text.append('{');
        for (String name : names) {
            if (text.charAt(text.length() - 1) != '{') {
                text.append(',');
            }
            appendQuoted(name, text);
            text.append(':');
            append(object.get(name), text);
        }
        text.append('}');
    }

    /** A decimal of any size as JSON: in plain notation, unless that would be long. */
    public static String number(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        boolean longPlain = Math.abs((long) stripped.scale()) > PLAIN_DIGITS;
        return longPlain ? stripped.toString() : plain(stripped);
    }
}
