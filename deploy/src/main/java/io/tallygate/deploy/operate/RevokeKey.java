package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code keys revoke}. */
@Command(
        name = "revoke",
        description = "Revokes a key for good; every gateway refuses it within 5 seconds.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class RevokeKey extends OperatorCommand {
    @Parameters(paramLabel = "ID", description = "Its id, as `keys list` shows it.")
    private UUID id;

    RevokeKey(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        gateway.delete("/apiKeys/" + id);
        out.println(id + " is revoked.");
        return 0;
    }
}
