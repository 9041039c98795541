package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code grants revoke}. */
@Command(
        name = "revoke",
        description = "Revokes a grant for good.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class RevokeGrant extends OperatorCommand {
    @Parameters(paramLabel = "ID", description = "Its id, as `grants list` shows it.")
    private UUID id;

    RevokeGrant(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        gateway.delete("/grants/" + id);
        out.println(id + " is revoked.");
        return 0;
    }
}
