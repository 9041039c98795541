package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code reconcile}: proves that nothing was lost and nothing counted twice, or says where. */
@Command(
        name = "reconcile",
        description = "Puts the books side by side: what came in, where it went, what was delivered.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all of it balances", "1:something does not, or there was no answer", "2:called wrongly"})
public final class ReconcileCommand extends OperatorCommand {
    private static final int DAYS = 31;

    @Option(
            names = "--from",
            paramLabel = "DAY",
            description = "The first UTC day of reported time. Default: 31 days before --to.")
    private LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "The day after the last one. Default: tomorrow.")
    private LocalDate to;

    @Option(
            names = "--by",
            paramLabel = "GROUPS",
            defaultValue = "day",
            description = "Some of day, tenant, meter and payer (default: ${DEFAULT-VALUE}).")
    private String by;

    @Option(names = "--json", description = "Print the gateway's answer, with the quantities of each line.")
    private boolean json;

    /** Finds its gateway in the given environment. */
    public ReconcileCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        LocalDate end = to == null ? LocalDate.now(ZoneOffset.UTC).plusDays(1) : to;
        LocalDate start = from == null ? end.minusDays(DAYS) : from;
        JsonNode found =
                gateway.get("/reconciliation", Map.of("from", start.toString(), "to", end.toString(), "groupBy", by));
        boolean balanced = found.path("balanced").asBoolean();
        if (json) {
            out.println(found.toPrettyString());
        } else {
            out.println("Reported from " + start + " until before " + end);
            out.println();
            totals(found).print(out);
            out.println();
            TextTable lines = lines(found);
            if (!lines.isEmpty()) {
                out.println("Counts of usage records:");
                lines.print(out);
                out.println();
            }
            out.println(balanced ? "Balanced." : "NOT BALANCED: the lines that say NO do not add up.");
        }
        return balanced ? 0 : FAILED;
    }

    private static List<String> accounts(JsonNode totals) {
        List<String> accounts = new ArrayList<>();
        totals.properties().forEach(total -> {
            if (total.getValue().has("count")) {
                accounts.add(total.getKey());
            }
        });
        return accounts;
    }

    private static TextTable totals(JsonNode found) {
        TextTable table = new TextTable(List.of("account", "count", "quantity"));
        for (String account : accounts(found.path("totals"))) {
            JsonNode total = found.path("totals").path(account);
            table.add(List.of(account, TextTable.cell(total.path("count")), TextTable.cell(total.path("quantity"))));
        }
        for (String beside : List.of("quarantined", "conflicts")) {
            table.add(List.of("(" + beside + ")", TextTable.cell(found.path(beside)), ""));
        }
        return table;
    }

    private static TextTable lines(JsonNode found) {
        JsonNode rows = found.path("rows");
        List<String> groups = rows.isEmpty()
                ? List.of()
                : List.of("day", "tenantId", "meterId", "payerSubscriptionId").stream()
                        .filter(group -> someRowHas(rows, group))
                        .toList();
        List<String> used = accounts(found.path("totals")).stream()
                .filter(account -> someCount(rows, account))
                .toList();
        List<String> headings = new ArrayList<>(groups);
        headings.add("balanced");
        headings.addAll(used);
        TextTable table = new TextTable(headings);
        for (JsonNode row : rows) {
            List<String> cells = new ArrayList<>();
            groups.forEach(group -> cells.add(TextTable.cell(row.path(group))));
            cells.add(row.path("balanced").asBoolean() ? "yes" : "NO");
            used.forEach(account -> cells.add(TextTable.cell(row.path(account).path("count"))));
            table.add(cells);
        }
        return table;
    }

    // Grouped by payer, the rows of accounts without one come first.
    private static boolean someRowHas(JsonNode rows, String group) {
        for (JsonNode row : rows) {
            if (row.has(group)) {
                return true;
            }
        }
        return false;
    }

    private static boolean someCount(JsonNode rows, String account) {
        for (JsonNode row : rows) {
            if (row.path(account).path("count").asLong() != 0) {
                return true;
            }
        }
        return false;
    }
}
