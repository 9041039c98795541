package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deliveries requeue}. */
@Command(
        name = "requeue",
        description = "Sends dead or manual events again, under the same key.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class RequeueDeliveries extends OperatorCommand {
    @Parameters(arity = "1..*", paramLabel = "KEY", description = "Keys of events.")
    private List<UUID> keys;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit.")
    private String reason;

    @Option(
            names = "--accept-duplicate-risk",
            description = "Also where the endpoint may have billed it and forgotten the key: look there first.")
    private boolean acceptDuplicateRisk;

    RequeueDeliveries(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) {
        ObjectNode body = OperatorClient.object().put("acceptDuplicateRisk", acceptDuplicateRisk);
        if (reason != null) {
            body.put("reason", reason);
        }
        return new EachDelivery(gateway, out, err()).decide(keys, "requeue", body);
    }
}
