package io.tallygate.deploy.operate;

import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code audit list}. */
@Command(
        name = "list",
        description = "Lists entries, the latest first.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ListAudit extends OperatorCommand {
    private static final List<String> COLUMNS =
            List.of("auditId", "recordedAt", "tenantId", "subject", "action", "target", "reason");

    @Mixin
    private AuditOptions which;

    @Mixin
    private Listing listing;

    ListAudit(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        Map<String, String> query = which.query();
        query.put("order", "desc");
        listing.print(gateway, "/audit", query, COLUMNS, out, err());
        return 0;
    }
}
