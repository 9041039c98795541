package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deliveries compare}: after a restore, what the endpoint has billed already is marked as delivered. */
@Command(
        name = "compare",
        description = {
            "Compares an endpoint's own book with the events here. After a restore from a backup: start with"
                    + " serve --restored, post again what was lost, let it be routed, compare, look at what differs and"
                    + " what is unknown, compare with --apply, resume. A key that is not known here is looked for by"
                    + " payer, dimension, hour and quantity.",
            ""
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all that the endpoint billed is here, with the same content",
            "1:something differs or is not here, or the gateway refused it",
            "2:called wrongly, or the file is not as expected"
        })
final class CompareDeliveries extends OperatorCommand {
    private static final int CHUNK = 1_000;
    private static final int LARGEST_CHUNK = 4_000;

    @Parameters(
            paramLabel = "FILE",
            description = {
                "The endpoint's book: a JSON array, NDJSON or CSV with a header;",
                "key, payerSubscriptionId (or payer, or resourceId), dimension,",
                "effectiveTime (or effectiveStartTime), quantity. Give them all: with the key",
                "alone, nothing is found of what was posted again after a restore; without",
                "a key the others are needed."
            })
    private Path file;

    @Option(
            names = "--endpoint",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "Whose book it is (default: ${DEFAULT-VALUE}).")
    private String endpoint;

    @Option(names = "--apply", description = "Mark what matches as delivered. Deliveries must be held.")
    private boolean apply;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "The most to print (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "Print every entry as JSON on a line, the summary on standard error.")
    private boolean json;

    private final Map<String, Integer> totals = new TreeMap<>();
    private final List<ComparedLine> compared = new ArrayList<>();

    CompareDeliveries(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException, IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("--limit is " + limit + ", expected 1 or more");
        }
        List<BookLine> lines =
                BookFile.read(file).stream().sorted(BookLine.ORDER).toList();
        for (int from = 0; from < lines.size(); ) {
            int to = chunkEnd(lines, from);
            compare(gateway, lines.subList(from, to));
            from = to;
        }
        int missing = missing(gateway);
        compared.sort(ComparedLine.ORDER);
        if (json) {
            compared.forEach(entry -> out.println(entry.json()));
        } else {
            printTable(out);
        }
        summarize(json ? err() : out, missing);
        if (compared.isEmpty()) {
            err().println("The book has no entries: did the endpoint never bill anything?");
            return FAILED;
        }
        return compared.stream().allMatch(ComparedLine::agrees) ? 0 : FAILED;
    }

    private void printTable(PrintWriter out) {
        TextTable table = new TextTable(ComparedLine.COLUMNS);
        List<ComparedLine> told =
                compared.stream().filter(entry -> !entry.isDelivered()).toList();
        told.stream().limit(limit).forEach(entry -> table.add(entry.cells()));
        if (table.isEmpty()) {
            return;
        }
        table.print(out);
        if (told.size() > limit) {
            out.println("… and " + (told.size() - limit) + " more: --limit N, or --json");
        }
        out.println();
    }

    private void summarize(PrintWriter out, int missing) {
        out.println(compared.size() + " entries: " + total("delivered") + " delivered here as well, " + total("matches")
                + " match what is not known to be delivered, " + total("differs") + " differ, " + total("unknown")
                + " are not here.");
        if (apply) {
            out.println(total("applied") + " marked as delivered.");
        } else if (total("matches") > 0) {
            out.println("Nothing was changed: --apply marks what matches as delivered.");
        }
        out.println(missing + " pending events of the endpoint are not in its book: they are sent when nothing holds"
                + " them.");
    }

    // Entries of the same content go together: each takes one event.
    private static int chunkEnd(List<BookLine> lines, int from) {
        int to = Math.min(from + CHUNK, lines.size());
        int limit = Math.min(from + LARGEST_CHUNK, lines.size());
        while (to < limit && lines.get(to).content().equals(lines.get(to - 1).content())) {
            to++;
        }
        return to;
    }

    private void compare(OperatorClient gateway, List<BookLine> lines) throws StoppedException {
        ObjectNode body = OperatorClient.object().put("endpoint", endpoint).put("apply", apply);
        ArrayNode entries = body.putArray("entries");
        lines.forEach(line -> entries.add(line.json()));
        JsonNode answer = gateway.post("/deliveries/compare", body);
        answer.path("totals")
                .properties()
                .forEach(total -> totals.merge(total.getKey(), total.getValue().asInt(), Integer::sum));
        for (int i = 0; i < lines.size(); i++) {
            compared.add(ComparedLine.of(lines.get(i), answer.path("value").path(i), apply));
        }
    }

    private int missing(OperatorClient gateway) throws StoppedException {
        Set<String> inBook = compared.stream().map(ComparedLine::eventKey).collect(Collectors.toSet());
        int[] missing = new int[1];
        for (String state : List.of("pending", "held")) {
            gateway.each("/deliveries", Map.of("endpoint", endpoint, "state", state), event -> {
                missing[0] += inBook.contains(event.path("key").asText()) ? 0 : 1;
                return true;
            });
        }
        return missing[0];
    }

    private int total(String result) {
        return totals.getOrDefault(result, 0);
    }
}
