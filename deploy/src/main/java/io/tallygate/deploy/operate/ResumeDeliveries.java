package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deliveries resume}. */
@Command(
        name = "resume",
        description = "Sends again what was held as a whole; payers that are held on their own stay so.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ResumeDeliveries extends OperatorCommand {
    @Option(
            names = "--compared",
            description = {
                "After a restore: every endpoint's own book was compared",
                "(tallygate deliveries compare). Needed then, else of no effect."
            })
    private boolean compared;

    ResumeDeliveries(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        gateway.post("/deliveries/resume", OperatorClient.object().put("compared", compared));
        out.println("Deliveries go on.");
        return 0;
    }
}
