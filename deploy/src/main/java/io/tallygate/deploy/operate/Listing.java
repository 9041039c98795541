package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** How much of a long list is printed, and how. */
final class Listing {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most to print (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print each as JSON on a line, with all that is known of it.")
    private boolean json;

    /**
     * Prints what the gateway lists under the path, as a table of these columns or as JSON.
     *
     * @param hints where it is said that there is more
     * @throws IllegalArgumentException for a limit below 1
     */
    void print(
            OperatorClient gateway,
            String path,
            Map<String, String> query,
            List<String> columns,
            PrintWriter out,
            PrintWriter hints)
            throws StoppedException {
        print(gateway, path, query, columns, (item, column) -> TextTable.cell(item.path(column)), out, hints);
    }

    /** The same, where {@code cell} says what stands in a column. */
    void print(
            OperatorClient gateway,
            String path,
            Map<String, String> query,
            List<String> columns,
            BiFunction<JsonNode, String, String> cell,
            PrintWriter out,
            PrintWriter hints)
            throws StoppedException {
        if (limit < 1) {
            throw new IllegalArgumentException("--limit is " + limit + ", expected 1 or more");
        }
        List<JsonNode> found = new ArrayList<>();
        gateway.each(path, query, item -> {
            found.add(item);
            return found.size() <= limit;
        });
        List<JsonNode> shown = found.subList(0, Math.min(limit, found.size()));
        if (json) {
            shown.forEach(out::println);
        } else {
            table(columns, cell, shown).print(out);
        }
        if (found.size() > limit) {
            hints.println("There are more: --limit N, or narrow it down.");
        }
    }

    private static TextTable table(
            List<String> columns, BiFunction<JsonNode, String, String> cell, List<JsonNode> items) {
        TextTable table = new TextTable(columns);
        items.forEach(item -> table.add(
                columns.stream().map(column -> cell.apply(item, column)).toList()));
        return table;
    }
}
