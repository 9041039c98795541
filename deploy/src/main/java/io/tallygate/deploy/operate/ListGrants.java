package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code grants list}. */
@Command(name = "list", description = "Lists grants.", sortOptions = false, mixinStandardHelpOptions = true)
final class ListGrants extends OperatorCommand {
    private static final List<String> COLUMNS =
            List.of("id", "state", "tenantId", "subject", "customerSubscriptions", "expiresAt", "createdBy", "reason");

    @Option(names = "--tenant", paramLabel = "ID", description = "Only those of this tenant.")
    private UUID tenant;

    @Option(names = "--active", description = "Only those that are neither revoked nor over.")
    private boolean active;

    @Option(names = "--json", description = "Print a grant as JSON on each line.")
    private boolean json;

    ListGrants(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        Map<String, String> query = new HashMap<>();
        query.put("tenant", tenant == null ? null : tenant.toString());
        return AccessTable.print(gateway, "/grants", query, new AccessTable(COLUMNS, active, json), out);
    }
}
