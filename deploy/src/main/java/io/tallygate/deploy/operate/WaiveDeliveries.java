package io.tallygate.deploy.operate;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deliveries waive}. */
@Command(
        name = "waive",
        description = "Decides that events are never sent: their usage is not billed.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class WaiveDeliveries extends OperatorCommand {
    @Parameters(arity = "1..*", paramLabel = "KEY", description = "Keys of events.")
    private List<UUID> keys;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the audit.")
    private String reason;

    @Option(names = "--accept-billed", description = "Also where the endpoint may have billed it: look there first.")
    private boolean acceptBilled;

    WaiveDeliveries(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) {
        return new EachDelivery(gateway, out, err())
                .decide(
                        keys,
                        "waive",
                        OperatorClient.object().put("reason", reason).put("acceptBilled", acceptBilled));
    }
}
