package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gaps list}. */
@Command(
        name = "list",
        description = "Lists usage that was found missing, the latest finding first.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ListGaps extends OperatorCommand {
    private static final List<String> COLUMNS = List.of(
            "gapId",
            "kind",
            "state",
            "source",
            "from",
            "to",
            "found",
            "subscriptionId",
            "meterId",
            "resourceUri",
            "reason");

    @Option(names = "--state", paramLabel = "STATE", description = "open, acknowledged or cleared.")
    private String state;

    @Option(names = "--kind", paramLabel = "KIND", description = "missingHours, silentSource or fallenCount.")
    private String kind;

    @Mixin
    private Listing listing;

    ListGaps(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        Map<String, String> query = new HashMap<>();
        query.put("state", state);
        query.put("kind", kind);
        listing.print(gateway, "/gaps", query, COLUMNS, ListGaps::cell, out, err());
        return 0;
    }

    private static String cell(JsonNode gap, String column) {
        return column.equals("found")
                ? gap.path("found").asText() + " of "
                        + (gap.path("to").isNull() ? "?" : gap.path("expected").asText())
                : TextTable.cell(gap.path(column));
    }
}
