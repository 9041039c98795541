package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code deliveries list}. */
@Command(
        name = "list",
        description = "Lists events in order of reported time.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ListDeliveries extends OperatorCommand {
    private static final List<String> COLUMNS = List.of(
            "key",
            "state",
            "reason",
            "attempts",
            "endpoint",
            "payerSubscriptionId",
            "dimension",
            "effectiveTime",
            "quantity");

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "pending, held, delivered, dead, manual, waived or withdrawn.")
    private String state;

    @Option(names = "--reason", paramLabel = "REASON", description = "Why it is there, such as OutcomeUnknown.")
    private String reason;

    @Option(names = "--payer", paramLabel = "ID", description = "The CSP subscription that pays.")
    private String payer;

    @Option(names = "--tenant", paramLabel = "ID", description = "A tenant whose usage is in it.")
    private String tenant;

    @Option(names = "--endpoint", paramLabel = "NAME", description = "The commerce endpoint.")
    private String endpoint;

    @Option(names = "--submission", paramLabel = "ID", description = "The request that it was sent with.")
    private String submission;

    @Option(names = "--from", paramLabel = "TIME", description = "Reported at this time or later.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Reported before this time.")
    private String to;

    @Mixin
    private Listing listing;

    ListDeliveries(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        Map<String, String> query = new HashMap<>();
        query.put("state", state);
        query.put("reason", reason);
        query.put("payer", payer);
        query.put("tenant", tenant);
        query.put("endpoint", endpoint);
        query.put("submission", submission);
        query.put("from", from);
        query.put("to", to);
        listing.print(gateway, "/deliveries", query, COLUMNS, out, err());
        return 0;
    }
}
