package io.tallygate.deploy.imports;

import io.tallygate.gateway.collect.UnreadableUsageException;
import java.util.Map;

/**
 * A row of a FOCUS file: its columns by name, without those that are null or empty.
 *
 * @param line the physical line on which the row starts; the header's is 1
 */
record FocusRow(long line, Map<String, String> columns) {
    /** The text of a column, or null. */
    String get(String column) {
        return columns.get(column);
    }

    /** The text of a column, or another one. */
    String get(String column, String otherwise) {
        return columns.getOrDefault(column, otherwise);
    }

    /** The text of a column that must be there. */
    String require(String column) throws UnreadableUsageException {
        String value = columns.get(column);
        if (value == null) {
            throw UnreadableUsageException.property(column, column + " is null, expected a value");
        }
        return value;
    }
}
