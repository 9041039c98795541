package io.tallygate.deploy.portal;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Locale;

/** Numbers of the API as the portal writes them, and where it does. */
final class Figures {
    private Figures() {}

    /** {@code 1,234}. */
    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** A quantity of the API, number or text, with all its digits: {@code 1,234.5678}. */
    static String exact(JsonNode quantity) {
        return exact(new BigDecimal(quantity.asText()));
    }

    /** With all its digits: {@code 1,234.5678}. */
    static String exact(BigDecimal quantity) {
        String plain = quantity.toPlainString();
        int point = plain.indexOf('.');
        String whole = point < 0 ? plain : plain.substring(0, point);
        return whole.replaceAll("\\B(?=(\\d{3})+$)", ",") + plain.substring(whole.length());
    }

    /** The CSS selector of a figure at the top of a view, by its label and its value. */
    static String figure(String label, String value) {
        return of(label) + ":text-is(\"" + value + "\")";
    }

    /** The CSS selector of a figure at the top of a view, by its label and its exact value. */
    static String exactFigure(String label, String value) {
        return of(label) + "[title=\"" + value + "\"]";
    }

    private static String of(String label) {
        return ".figure:has(> .figure-label:text-is(\"" + label + "\")) > .figure-value";
    }
}
