package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.StoppedException;
import io.tallygate.gateway.http.Excerpt;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code deliveries endpoints}. */
@Command(
        name = "endpoints",
        description =
                "Shows what waits for each endpoint, the circuit breaker of the gateway that answers, which are paused, and whether all is held.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ShowEndpoints extends OperatorCommand {
    private static final List<String> COLUMNS = List.of(
            "name",
            "pendingEvents",
            "oldestPending",
            "waitingRows",
            "oldestWaiting",
            "breaker",
            "pausedUntil",
            "reason");

    ShowEndpoints(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        JsonNode all = gateway.get("/endpoints", Map.of());
        TextTable table = new TextTable(COLUMNS);
        for (JsonNode endpoint : all.path("value")) {
            table.add(COLUMNS.stream()
                    .map(column -> TextTable.cell(endpoint.path(column)))
                    .toList());
        }
        table.print(out);
        JsonNode deliveries = all.path("deliveries");
        if (deliveries.path("held").asBoolean()) {
            out.println();
            out.println("Deliveries are held since " + TextTable.cell(deliveries.path("since")) + ": "
                    + Excerpt.oneLine(TextTable.cell(deliveries.path("reason"))));
        }
        return 0;
    }
}
