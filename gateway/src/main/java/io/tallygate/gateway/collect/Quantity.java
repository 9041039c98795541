package io.tallygate.gateway.collect;

import io.tallygate.gateway.http.Excerpt;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Exact decimal quantities, as they are stored: {@code numeric(38,15)}. */
public final class Quantity {
    private static final int INTEGER_DIGITS = 38 - HourlySpread.SCALE;
    // The exponent is bounded before any arithmetic: 1e999999999 is a legal BigDecimal that fills the memory.
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");
    private static final int LONGEST = 100;

    private Quantity() {}

    /**
     * Reads a decimal number.
     *
     * @param field the field's name, for the error
     * @throws UnreadableUsageException if it is no finite decimal, or has more digits than the gateway stores
     */
    public static BigDecimal parse(String field, String text) throws UnreadableUsageException {
        if (text.length() > LONGEST || !DECIMAL.matcher(text).matches()) {
            throw UnreadableUsageException.property(field, "expected a decimal number, found " + Excerpt.of(text));
        }
        BigDecimal value = new BigDecimal(text).stripTrailingZeros();
        if (value.scale() > HourlySpread.SCALE || value.precision() - value.scale() > INTEGER_DIGITS) {
            throw new UnreadableUsageException(
                    "TooManyDigits",
                    field,
                    "expected at most " + INTEGER_DIGITS + " digits before and " + HourlySpread.SCALE
                            + " after the point, found " + Excerpt.of(text));
        }
        return value;
    }
}
