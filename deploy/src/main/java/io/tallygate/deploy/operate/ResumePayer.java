package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code payers resume}. */
@Command(
        name = "resume",
        description = "Sends for a payer again, whoever held it.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ResumePayer extends OperatorCommand {
    @Parameters(paramLabel = "ID", description = "The CSP subscription.")
    private UUID payer;

    ResumePayer(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        gateway.post("/payers/" + payer + "/resume", OperatorClient.object());
        out.println(payer + " is not held.");
        return 0;
    }
}
