package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit list}. */
@Command(
        name = "list",
        description = "Lists entries, the latest first.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ListAudit extends OperatorCommand {
    private static final List<String> COLUMNS =
            List.of("auditId", "recordedAt", "tenantId", "subject", "action", "target", "reason");

    @Mixin
    private AuditOptions which;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most to print (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print an entry as JSON on each line, with its detail.")
    private boolean json;

    ListAudit(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        if (limit < 1) {
            throw new IllegalArgumentException("--limit is " + limit + ", expected 1 or more");
        }
        Map<String, String> query = which.query();
        query.put("order", "desc");
        List<JsonNode> entries = new ArrayList<>();
        gateway.each("/audit", query, entry -> {
            entries.add(entry);
            return entries.size() <= limit;
        });
        List<JsonNode> shown = entries.subList(0, Math.min(limit, entries.size()));
        if (json) {
            shown.forEach(out::println);
        } else {
            TextTable table = new TextTable(COLUMNS);
            shown.forEach(entry -> table.add(COLUMNS.stream()
                    .map(column -> TextTable.cell(entry.path(column)))
                    .toList()));
            table.print(out);
        }
        if (entries.size() > limit) {
            err().println("There are more: --limit N, or narrow it down.");
        }
        return 0;
    }
}
