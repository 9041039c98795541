package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code payers hold}. */
@Command(
        name = "hold",
        description = "Sends nothing more for a payer, until it is resumed.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class HoldPayer extends OperatorCommand {
    @Parameters(paramLabel = "ID", description = "The CSP subscription.")
    private UUID payer;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the audit.")
    private String reason;

    HoldPayer(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        gateway.post("/payers/" + payer + "/hold", OperatorClient.object().put("reason", reason));
        out.println(payer + " is held. Go on with: tallygate payers resume " + payer);
        return 0;
    }
}
