package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Keys or grants as a list.
 *
 * @param columns fields of each, in this order
 * @param active only those that are neither revoked nor over
 * @param json as a line of JSON each
 */
record AccessTable(List<String> columns, boolean active, boolean json) {
    /** Prints what a route lists; gives the exit code. */
    static int print(
            OperatorClient gateway, String path, Map<String, String> query, AccessTable format, PrintWriter out)
            throws StoppedException {
        TextTable table = new TextTable(format.columns());
        gateway.each(path, query, element -> {
            if (!format.active() || element.path("state").asText().equals("active")) {
                if (format.json()) {
                    out.println(element);
                } else {
                    table.add(format.columns().stream()
                            .map(column -> cell(element.path(column)))
                            .toList());
                }
            }
            return true;
        });
        if (!format.json()) {
            table.print(out);
        }
        return 0;
    }

    private static String cell(JsonNode value) {
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(","))
                : TextTable.cell(value);
    }
}
