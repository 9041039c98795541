package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.http.Excerpt;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Lines with aligned columns: numbers to the right, all else to the left. */
final class TextTable {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these headings. */
    TextTable(List<String> headings) {
        rows.add(List.copyOf(headings));
    }

    /** Adds a line. */
    void add(List<String> cells) {
        rows.add(cells.stream().map(Excerpt::oneLine).toList());
    }

    /** Whether it has no lines. */
    boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The text of a JSON value: a null is empty, a decimal in plain notation. */
    static String cell(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        return value.isNumber() ? value.decimalValue().toPlainString() : value.asText();
    }

    /** Prints it. */
    void print(PrintWriter out) {
        int columns = rows.get(0).size();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                line.append(column == 0 ? "" : "  ").append(padded(row.get(column), column));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private String padded(String text, int column) {
        String space = " ".repeat(width(column) - text.length());
        return isNumeric(column) ? space + text : text + space;
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private boolean isNumeric(int column) {
        return rows.stream()
                .skip(1)
                .map(row -> row.get(column))
                .allMatch(text -> text.isEmpty() || NUMBER.matcher(text).matches());
    }
}
