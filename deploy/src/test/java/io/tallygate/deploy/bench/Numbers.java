package io.tallygate.deploy.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** Medians, and numbers as people read them. */
final class Numbers {
    private Numbers() {}

    /** The middle one; of an even number the mean of the two in the middle. */
    static double median(List<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("There is no median of nothing");
        }
        List<Double> sorted = samples.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static double least(List<Double> samples) {
        return samples.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    static double most(List<Double> samples) {
        return samples.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** Three digits that count, never in scientific notation: 1,234,000 is {@code 1,230,000}, 0.01234 is {@code 0.0123}. */
    static String short3(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return value == 0 ? "0" : "n/a";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3));
        return rounded.scale() <= 0 ? String.format(Locale.ROOT, "%,d", rounded.longValue()) : rounded.toPlainString();
    }

    /** The same of a whole number. */
    static String short3(long value) {
        return short3((double) value);
    }

    /** A number without zeros that say nothing. */
    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** A ratio with two digits after the point. */
    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
