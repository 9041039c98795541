package io.tallygate.deploy.exports;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How the gateway sends rows. Every so many rows, one carries its position, a continuation token: NDJSON as the last
 * member of its object, CSV in a last column that the header names. Cut out, a row has the bytes that it has without.
 */
enum WireFormat {
    /** An object a line. */
    NDJSON(false, false) {
        @Override
        WireRow row(byte[] bytes, int from, int to) {
            int closing = to - NDJSON_END.length;
            if (closing <= from || !equal(bytes, closing, NDJSON_END)) {
                return new WireRow(bytes, from, to, NOTHING, null);
            }
            int token = closing;
            while (token > from && isTokenCharacter(bytes[token - 1])) {
                token--;
            }
            int member = token - MEMBER.length;
            // Inside of a text its quotes would be escaped, and in an object within two braces would follow.
            if (member <= from || token == closing || !equal(bytes, member, MEMBER)) {
                return new WireRow(bytes, from, to, NOTHING, null);
            }
            return new WireRow(bytes, from, member, OBJECT_END, text(bytes, token, closing));
        }
    },
    /** RFC 4180 with a header. */
    CSV(true, true) {
        @Override
        WireRow row(byte[] bytes, int from, int to) throws ExportException {
            int end = to - CSV_END.length;
            int comma = end - 1;
            while (comma >= from && bytes[comma] != ',') {
                comma--;
            }
            if (comma < from || !equal(bytes, end, CSV_END)) {
                throw ExportException.worthless("expected a row of CSV with a position, got '"
                        + text(bytes, from, Math.min(to, from + 80)).strip() + "'");
            }
            // A token may begin with a minus, which no spreadsheet may take for a formula.
            String token = text(bytes, comma + 1, end).replaceFirst("^'", "");
            return new WireRow(bytes, from, comma, CSV_END, token.isEmpty() ? null : token);
        }
    };

    private static final byte[] NOTHING = {};
    private static final byte[] NDJSON_END = ascii("\"}\n");
    private static final byte[] OBJECT_END = ascii("}\n");
    private static final byte[] MEMBER = ascii(",\"continuationToken\":\"");
    private static final byte[] CSV_END = ascii("\r\n");

    private final boolean quoted;
    private final boolean headed;

    WireFormat(boolean quoted, boolean headed) {
        this.quoted = quoted;
        this.headed = headed;
    }

    /**
     * Reads a row.
     *
     * @param to after its line break
     * @throws ExportException if it is none
     */
    abstract WireRow row(byte[] bytes, int from, int to) throws ExportException;

    /** Whether a line break in quotes belongs to a cell. */
    boolean isQuoted() {
        return quoted;
    }

    /** Whether the first row is a header. */
    boolean isHeaded() {
        return headed;
    }

    private static boolean isTokenCharacter(byte character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '-'
                || character == '_';
    }

    private static boolean equal(byte[] bytes, int from, byte[] expected) {
        return Arrays.equals(bytes, from, from + expected.length, expected, 0, expected.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
