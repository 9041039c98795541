package io.tallygate.gateway.http;

/** Foreign text in messages: short, on one line, and harmless to a terminal. */
public final class Excerpt {
    private static final int LONGEST = 80;

    private Excerpt() {}

    /** The text in quotes, cut after 80 characters, control characters replaced. */
    public static String of(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return "'" + oneLine(start) + "'";
    }

    /** The text with its control characters replaced by {@code ?}. */
    public static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
