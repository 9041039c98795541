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
            "quarantined",
            "notTaken",
            "failures",
            "pausedUntil",
            "trouble");

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

    // The last failure is told for ever: only while there are any. A refused record is told when nothing else is to
    // tell.
    private static String trouble(JsonNode source) {
        if (source.hasNonNull("endedAt")) {
            return "ended";
        }
        if (!source.path("configured").asBoolean()) {
            return "not configured";
        }
        if (source.hasNonNull("trouble")) {
            return source.path("trouble").asText();
        }
        if (source.path("failures").asInt() > 0) {
            return TextTable.cell(source.path("failure"));
        }
        return source.at("/files/problems").isEmpty() ? TextTable.cell(source.path("problem")) : fileProblem(source);
    }

    private static String cell(JsonNode source, String column) {
        JsonNode counts = source.path("counts");
        return switch (column) {
            case "behind" ->
                source.path("lagSeconds").isNull()
                        ? ""
                        : Duration.ofMinutes(source.path("lagSeconds").asLong() / 60)
                                .toString();
            case "rows", "accepted", "quarantined" -> TextTable.cell(counts.path(column));
            case "notTaken" ->
                Long.toString(counts.path("conflict").asLong()
                        + counts.path("rejected").asLong());
            case "trouble" -> trouble(source);
            default -> TextTable.cell(source.path(column));
        };
    }

    private static String fileProblem(JsonNode source) {
        JsonNode first = source.at("/files/problems/0");
        return TextTable.cell(first.path("name")) + ": " + TextTable.cell(first.path("problem"));
    }
}
