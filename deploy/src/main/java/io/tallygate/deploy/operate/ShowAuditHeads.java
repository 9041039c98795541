package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code audit heads}. */
@Command(
        name = "heads",
        description = {
            "Prints the last entry of each day with its hash, as JSON on a line. Kept where nobody who may change"
                    + " the database can, they show later what was written anew or cut off: audit verify --head FILE",
            ""
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ShowAuditHeads extends OperatorCommand {
    ShowAuditHeads(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        gateway.each("/audit/heads", Map.of(), head -> {
            out.println(head);
            return true;
        });
        return 0;
    }
}
