package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sources list}. */
@Command(
        name = "list",
        description =
                "Lists the clouds that usage is collected from: through when it is complete, and what is in the way.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ListSources extends OperatorCommand {
    private static final List<String> COLUMNS = List.of(
            "source",
            "completeThrough",
            "behind",
            "waiting",
            "underWay",
            "rows",
            "accepted",
            "notTaken",
            "failures",
            "pausedUntil",
            "failure");

    @Mixin
    private Listing listing;

    ListSources(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        listing.print(gateway, "/sources", Map.of(), COLUMNS, ListSources::cell, out, err());
        return 0;
    }

    private static String cell(JsonNode source, String column) {
        JsonNode counts = source.path("counts");
        return switch (column) {
            case "behind" ->
                source.path("lagSeconds").isNull()
                        ? ""
                        : Duration.ofMinutes(source.path("lagSeconds").asLong() / 60)
                                .toString();
            case "rows", "accepted" -> TextTable.cell(counts.path(column));
            case "notTaken" ->
                Long.toString(counts.path("conflict").asLong()
                        + counts.path("rejected").asLong());
            // The last one is told for ever: only while there are any.
            case "failure" ->
                source.path("failures").asInt() == 0 ? fileProblem(source) : TextTable.cell(source.path(column));
            default -> TextTable.cell(source.path(column));
        };
    }

    private static String fileProblem(JsonNode source) {
        JsonNode first = source.at("/files/problems/0");
        return first.isMissingNode()
                ? ""
                : TextTable.cell(first.path("name")) + ": " + TextTable.cell(first.path("problem"));
    }
}
