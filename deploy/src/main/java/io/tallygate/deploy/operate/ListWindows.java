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
import picocli.CommandLine.Parameters;

/** {@code sources windows}. */
@Command(
        name = "windows",
        description = "Lists the windows of a source, the latest first, and what became of them.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ListWindows extends OperatorCommand {
    private static final List<String> COLUMNS = List.of(
            "from",
            "to",
            "state",
            "attempts",
            "nextAttemptAt",
            "rows",
            "accepted",
            "duplicate",
            "conflict",
            "quarantined",
            "rejected",
            "problem");

    @Parameters(paramLabel = "NAME", description = "Its name, as `sources list` shows it.")
    private String source;

    @Option(
            names = "--filter",
            paramLabel = "WHICH",
            description = "open: only those that are not collected; problem: those of which a record was refused.")
    private String filter;

    @Mixin
    private Listing listing;

    ListWindows(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        Map<String, String> query = new HashMap<>();
        query.put("filter", filter);
        listing.print(
                gateway,
                "/sources/" + OperatorClient.encoded(source) + "/windows",
                query,
                COLUMNS,
                ListWindows::cell,
                out,
                err());
        return 0;
    }

    private static String cell(JsonNode window, String column) {
        JsonNode counts = window.path("counts");
        return TextTable.cell(counts.has(column) ? counts.path(column) : window.path(column));
    }
}
