package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deliveries hold}. */
@Command(
        name = "hold",
        description = "Sends nothing more to anybody, until it is resumed.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class HoldDeliveries extends OperatorCommand {
    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the audit.")
    private String reason;

    HoldDeliveries(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        gateway.post("/deliveries/hold", OperatorClient.object().put("reason", reason));
        out.println("Deliveries are held. Go on with: tallygate deliveries resume");
        return 0;
    }
}
