package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deliveries compare}: after a restore, what the endpoint has billed already is marked as delivered. */
@Command(
        name = "compare",
        description = {
            "Compares an endpoint's own book with the events here. After a restore from a backup: hold deliveries,"
                    + " compare, look at what differs, compare with --apply, resume.",
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
    private static final int SHOWN = 50;

    @Parameters(
            paramLabel = "FILE",
            description = {
                "The endpoint's book: a JSON array, NDJSON or CSV with a header;",
                "key, payerSubscriptionId (or payer, or resourceId), dimension,",
                "effectiveTime (or effectiveStartTime), quantity. With a key the others may be left out,",
                "without one they may not, but for the quantity, which is always needed."
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

    private final Map<String, Integer> totals = new TreeMap<>();
    private final Set<String> inBook = new HashSet<>();
    private final TextTable trouble = new TextTable(List.of(
            "entry", "result", "billed", "here", "state", "payerSubscriptionId", "dimension", "effectiveTime", "key"));
    private int troubles;

    CompareDeliveries(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException, IOException {
        List<BookLine> lines =
                BookFile.read(file).stream().sorted(BookLine.ORDER).toList();
        for (int from = 0; from < lines.size(); ) {
            int to = chunkEnd(lines, from);
            compare(gateway, lines.subList(from, to));
            from = to;
        }
        int missing = missing(gateway);
        if (troubles > 0) {
            trouble.print(out);
            if (troubles > SHOWN) {
                out.println("… and " + (troubles - SHOWN) + " more");
            }
            out.println();
        }
        out.println(lines.size() + " entries: " + total("delivered") + " delivered here as well, " + total("matches")
                + " match what is not known to be delivered, " + total("differs") + " differ, " + total("unknown")
                + " are not here.");
        if (apply) {
            out.println(total("applied") + " marked as delivered.");
        } else if (total("matches") > 0) {
            out.println("Nothing was changed: --apply marks what matches as delivered.");
        }
        out.println(missing + " pending events of the endpoint are not in its book: they are sent when nothing holds"
                + " them.");
        return troubles == 0 ? 0 : FAILED;
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
            judge(lines.get(i), answer.path("value").path(i));
        }
    }

    private void judge(BookLine line, JsonNode match) {
        String result = TextTable.cell(match.path("result"));
        inBook.add(TextTable.cell(match.path("key")));
        boolean flying = apply && match.path("inFlight").asBoolean() && result.equals("matches");
        if (!flying && !result.equals("differs") && !result.equals("unknown")) {
            return;
        }
        troubles++;
        if (troubles <= SHOWN) {
            trouble.add(List.of(
                    Integer.toString(line.number()),
                    flying ? "in flight" : result,
                    line.quantity().toPlainString(),
                    TextTable.cell(match.path("quantity")),
                    TextTable.cell(match.path("state")),
                    orEmpty(line.payer()),
                    orEmpty(line.dimension()),
                    orEmpty(line.effectiveTime()),
                    match.has("key") ? TextTable.cell(match.path("key")) : orEmpty(line.key())));
        }
    }

    private int missing(OperatorClient gateway) throws StoppedException {
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

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
