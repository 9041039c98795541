package io.tallygate.gateway.export;

/**
 * Cells of a CSV file as RFC 4180 has them, safe for spreadsheets: those run a cell as a formula that begins like one, and
 * a tenant chooses its tags. Such a cell gets an apostrophe in front; so does one that begins with an apostrophe, so that
 * taking one away always gives back what it was.
 */
final class CsvCell {
    // The full-width forms count as well: spreadsheets in Japanese read them the same way.
    private static final String FORMULA = "=+-@\t\r\n'\uFF1D\uFF0B\uFF0D\uFF20";

    private CsvCell() {}

    /** A text that somebody else chose; null is an empty cell. */
    static String of(String textOrNull) {
        if (textOrNull == null || textOrNull.isEmpty()) {
            return "";
        }
        String safe = FORMULA.indexOf(textOrNull.charAt(0)) >= 0 ? "'" + textOrNull : textOrNull;
        return needsQuotes(safe) ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    private static boolean needsQuotes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A space at an end would be trimmed by some readers.
            if (c == '"' || c == ',' || c == ';' || c == '\n' || c == '\r' || c == '\t') {
                return true;
            }
        }
        return text.charAt(0) == ' ' || text.charAt(text.length() - 1) == ' ';
    }
}
