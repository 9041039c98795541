package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code payers list}. */
@Command(
        name = "list",
        description = "Lists payers with their numbers of events by state, and of rows that wait for one.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ListPayers extends OperatorCommand {
    private static final List<String> STATES = List.of("pending", "delivered", "dead", "manual", "waived", "withdrawn");

    @Option(names = "--held", description = "Only those that are held.")
    private boolean held;

    @Option(names = "--json", description = "Print a payer as JSON on each line, with records and quantities.")
    private boolean json;

    ListPayers(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        List<String> headings = new ArrayList<>(List.of("payerSubscriptionId", "waiting"));
        headings.addAll(STATES);
        headings.addAll(List.of("held", "since", "reason"));
        TextTable table = new TextTable(headings);
        gateway.each("/payers", Map.of(), payer -> {
            if (!held || payer.path("held").asBoolean()) {
                if (json) {
                    out.println(payer);
                } else {
                    table.add(cells(payer));
                }
            }
            return true;
        });
        if (!json) {
            table.print(out);
        }
        return 0;
    }

    private static List<String> cells(JsonNode payer) {
        List<String> cells = new ArrayList<>();
        cells.add(TextTable.cell(payer.path("payerSubscriptionId")));
        cells.add(TextTable.cell(payer.at("/waiting/rows")));
        STATES.forEach(state -> cells.add(
                Long.toString(payer.path("states").path(state).path("events").asLong())));
        boolean held = payer.path("held").asBoolean();
        cells.add(held ? payer.path("automatic").asBoolean() ? "automatically" : "yes" : "");
        cells.add(TextTable.cell(payer.path("since")));
        cells.add(TextTable.cell(payer.path("reason")));
        return cells;
    }
}
