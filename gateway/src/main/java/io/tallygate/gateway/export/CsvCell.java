package io.tallygate.gateway.export;

import java.util.regex.Pattern;

/**
 * Cells of a CSV file as RFC 4180 has them, safe for spreadsheets: those run a cell as a formula that begins like one, and
 * a tenant chooses its tags. An apostrophe goes before what begins like a formula, at the beginning of a cell and wherever
 * a spreadsheet that takes semicolons, tabs or line breaks for ends of cells would see one begin; so does one before an
 * apostrophe there. {@link #plain} takes them away again.
 */
public final class CsvCell {
    // The full-width forms count as well: spreadsheets in Japanese read them the same way.
    private static final String FORMULA = "[=+\\-@'\uFF1D\uFF0B\uFF0D\uFF20]";
    private static final String BEGIN = "(^|[;\\t\\r\\n])([\"\\s]*)";
    private static final Pattern BARE = Pattern.compile(BEGIN + "(?=" + FORMULA + ")");
    private static final Pattern GUARDED = Pattern.compile(BEGIN + "'(?=" + FORMULA + ")");
    private static final String BLANK = "\t\r\n";

    private CsvCell() {}

    /** A text that somebody else chose; null is an empty cell. */
    public static String of(String textOrNull) {
        if (textOrNull == null || textOrNull.isEmpty()) {
            return "";
        }
        String guarded = BARE.matcher(textOrNull).replaceAll("$1$2'");
        // Some readers drop blanks at the beginning, and see what follows.
        String safe = isBlank(guarded, 0) ? "'" + guarded : guarded;
        return needsQuotes(safe) ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    /** The text that a cell was made of, as a CSV reader gives it. */
    public static String plain(String cell) {
        String guarded = cell.startsWith("'") && isBlank(cell, 1) ? cell.substring(1) : cell;
        return GUARDED.matcher(guarded).replaceAll("$1$2");
    }

    private static boolean isBlank(String text, int at) {
        return text.length() > at && BLANK.indexOf(text.charAt(at)) >= 0;
    }

    // A space at an end would be trimmed by some readers.
    private static boolean needsQuotes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == ',' || c == ';' || c == '\n' || c == '\r' || c == '\t') {
                return true;
            }
        }
        return text.charAt(0) == ' ' || text.charAt(text.length() - 1) == ' ';
    }
}
