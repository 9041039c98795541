package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sources pull}. */
@Command(
        name = "pull",
        description = "Has a window pulled, again if it is collected: that adds what the source did not say before, and"
                + " nothing twice.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class PullWindow extends OperatorCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The source, as `sources list` shows it.")
    private String source;

    @Parameters(index = "1", paramLabel = "FROM", description = "Where the window begins, as 2026-11-20T13:00:00Z.")
    private String from;

    PullWindow(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        String path = "/sources/" + OperatorClient.encoded(source) + "/windows/" + OperatorClient.encoded(from);
        gateway.post(path + "/pull", OperatorClient.object());
        out.println("It is pulled next. See what comes: tallygate sources windows " + source);
        return 0;
    }
}
