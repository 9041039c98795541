package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deliveries list}. */
@Command(
        name = "list",
        description = "Lists events in order of reported time.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ListDeliveries extends OperatorCommand {
    private static final List<String> COLUMNS = List.of(
            "key",
            "state",
            "reason",
            "attempts",
            "endpoint",
            "payerSubscriptionId",
            "dimension",
            "effectiveTime",
            "quantity");

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "pending, held, delivered, dead, manual, waived or withdrawn.")
    private String state;

    @Option(names = "--reason", paramLabel = "REASON", description = "Why it is there, such as OutcomeUnknown.")
    private String reason;

    @Option(names = "--payer", paramLabel = "ID", description = "The CSP subscription that pays.")
    private String payer;

    @Option(names = "--tenant", paramLabel = "ID", description = "A tenant whose usage is in it.")
    private String tenant;

    @Option(names = "--endpoint", paramLabel = "NAME", description = "The commerce endpoint.")
    private String endpoint;

    @Option(names = "--from", paramLabel = "TIME", description = "Reported at this time or later.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Reported before this time.")
    private String to;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most to print (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print an event as JSON on each line.")
    private boolean json;

    ListDeliveries(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        if (limit < 1) {
            throw new IllegalArgumentException("--limit is " + limit + ", expected 1 or more");
        }
        Map<String, String> query = new HashMap<>();
        query.put("state", state);
        query.put("reason", reason);
        query.put("payer", payer);
        query.put("tenant", tenant);
        query.put("endpoint", endpoint);
        query.put("from", from);
        query.put("to", to);
        List<JsonNode> events = new ArrayList<>();
        gateway.each("/deliveries", query, event -> {
            events.add(event);
            return events.size() <= limit;
        });
        List<JsonNode> shown = events.subList(0, Math.min(limit, events.size()));
        if (json) {
            shown.forEach(out::println);
        } else {
            table(shown).print(out);
        }
        if (events.size() > limit) {
            err().println("There are more: --limit N, or narrow it down.");
        }
        return 0;
    }

    private static TextTable table(List<JsonNode> events) {
        TextTable table = new TextTable(COLUMNS);
        events.forEach(event -> table.add(COLUMNS.stream()
                .map(column -> TextTable.cell(event.path(column)))
                .toList()));
        return table;
    }
}
