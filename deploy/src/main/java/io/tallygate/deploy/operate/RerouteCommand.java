package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code reroute}: after a back-dated mapping, what is routed moves to those who should pay. */
@Command(
        name = "reroute",
        description = {
            "Moves routed usage to the payers that the mappings of now name: what was never sent is taken back, what is"
                    + " billed is reversed. Shows first what would move, and asks.",
            ""
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:it is done, or there is nothing to do, or --dry-run",
            "1:not confirmed, or the gateway refused it",
            "2:called wrongly"
        })
public final class RerouteCommand extends OperatorCommand {
    private final Answers answers;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            description = "The first usage hour, such as 2026-11-01T00:00:00Z.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "The first usage hour to leave alone. Default: none.")
    private String to;

    @Option(names = "--tenant", paramLabel = "ID", description = "Only usage of this tenant.")
    private UUID tenant;

    @Option(
            names = "--registration",
            paramLabel = "NAME",
            description = "Only usage of this registration: a name or a resource id.")
    private String registration;

    @Option(names = "--dry-run", description = "Only show what would move.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    /** Who is asked. */
    @FunctionalInterface
    public interface Answers {
        /** What a person says to the question; null if there is nobody. */
        String to(String question) throws IOException;
    }

    /** Finds its gateway in the given environment. */
    public RerouteCommand(Map<String, String> environment, Answers answers) {
        super(environment);
        this.answers = answers;
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException, IOException {
        if (dryRun && yes) {
            throw new IllegalArgumentException("--dry-run does nothing that --yes could confirm");
        }
        if (!yes) {
            JsonNode preview = gateway.post("/reroute?dryRun=true", request());
            show(preview, "would move", out);
            if (dryRun || preview.path("moves").isEmpty()) {
                return 0;
            }
            out.flush();
            if (!"yes".equals(answers.to("Move it? Type yes: "))) {
                err().println("Nothing was changed.");
                return FAILED;
            }
        }
        show(gateway.post("/reroute?dryRun=false", request()), "moved", out);
        return 0;
    }

    private ObjectNode request() {
        ObjectNode body = OperatorClient.object().put("from", from);
        if (to != null) {
            body.put("to", to);
        }
        if (tenant != null) {
            body.put("tenantId", tenant.toString());
        }
        if (registration != null) {
            body.put("registration", registration);
        }
        return body;
    }

    private static void show(JsonNode reroute, String verb, PrintWriter out) {
        if (reroute.path("moves").isEmpty()) {
            out.println("Nothing moves: everybody pays already who should.");
            return;
        }
        TextTable moves = new TextTable(
                List.of("tenant", "from", "to", "rows", "quantity", "never sent", "billed", "outcome open"));
        for (JsonNode move : reroute.path("moves")) {
            moves.add(List.of(
                    TextTable.cell(move.path("tenantId")),
                    TextTable.cell(move.path("from")),
                    TextTable.cell(move.path("to")),
                    TextTable.cell(move.at("/total/rows")),
                    TextTable.cell(move.at("/total/quantity")),
                    TextTable.cell(move.at("/netted/rows")),
                    TextTable.cell(move.at("/corrected/rows")),
                    TextTable.cell(move.at("/waiting/rows"))));
        }
        out.println("This " + verb + ":");
        moves.print(out);
        if (!reroute.path("uncorrectable").isEmpty()) {
            out.println();
            out.println("These endpoints take nothing back: it is set against the payer's later usage, as far as there"
                    + " is any.");
            uncorrectable(reroute).print(out);
        }
    }

    private static TextTable uncorrectable(JsonNode reroute) {
        TextTable table = new TextTable(List.of("endpoint", "payerSubscriptionId", "dimension", "rows", "quantity"));
        for (JsonNode each : reroute.path("uncorrectable")) {
            table.add(List.of(
                    TextTable.cell(each.path("endpoint")),
                    TextTable.cell(each.path("payerSubscriptionId")),
                    TextTable.cell(each.path("dimension")),
                    TextTable.cell(each.at("/amount/rows")),
                    TextTable.cell(each.at("/amount/quantity"))));
        }
        return table;
    }
}
