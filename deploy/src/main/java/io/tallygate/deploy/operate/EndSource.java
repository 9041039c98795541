package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sources end}. */
@Command(
        name = "end",
        description = "Ends a source that no gateway has in its configuration: nothing waits for it any more.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class EndSource extends OperatorCommand {
    @Parameters(paramLabel = "NAME", description = "Its name, as `sources list` shows it.")
    private String source;

    EndSource(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        gateway.delete("/sources/" + OperatorClient.encoded(source));
        out.println(source + " is ended.");
        return 0;
    }
}
