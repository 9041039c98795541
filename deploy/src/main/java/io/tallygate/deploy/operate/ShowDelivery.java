package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code deliveries show}. */
@Command(
        name = "show",
        description = "Shows an event as JSON: what is sent, the usage it is made of, and every attempt.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ShowDelivery extends OperatorCommand {
    @Parameters(paramLabel = "KEY", description = "The event's key.")
    private UUID key;

    ShowDelivery(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        out.println(gateway.get("/deliveries/" + key, Map.of()).toPrettyString());
        return 0;
    }
}
