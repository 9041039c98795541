package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code keys list}. */
@Command(
        name = "list",
        description = "Lists API keys: an operator everyone's, others those of their tenant.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ListKeys extends OperatorCommand {
    private static final List<String> COLUMNS =
            List.of("id", "state", "displayName", "tenantId", "createdBy", "expiresAt", "lastUsedAt", "secret");

    @Option(names = "--active", description = "Only those that are neither revoked nor over.")
    private boolean active;

    @Option(names = "--json", description = "Print a key as JSON on each line, with subscriptions and roles.")
    private boolean json;

    ListKeys(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        return AccessTable.print(gateway, "/apiKeys", Map.of(), new AccessTable(COLUMNS, active, json), out);
    }
}
