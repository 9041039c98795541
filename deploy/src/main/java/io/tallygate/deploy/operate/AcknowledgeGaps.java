package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaps acknowledge}. */
@Command(
        name = "acknowledge",
        description = "Says why usage is missing: nobody is told of it any more.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class AcknowledgeGaps extends OperatorCommand {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "Ids of findings.")
    private List<Long> ids;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the audit.")
    private String reason;

    AcknowledgeGaps(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        for (long id : ids) {
            gateway.post("/gaps/" + id + "/acknowledge", OperatorClient.object().put("reason", reason));
            out.println(id + " is acknowledged.");
        }
        return 0;
    }
}
