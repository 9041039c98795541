package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code grants create}. */
@Command(
        name = "create",
        description = "Lets a tenant, or one subject of it, read what is routed to customer subscriptions.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class CreateGrant extends OperatorCommand {
    @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The directory tenant.")
    private UUID tenant;

    @Option(
            names = "--subject",
            paramLabel = "TEXT",
            description = "One user or application of it, as its tokens name it (oid, else sub); else everyone.")
    private String subject;

    @Option(
            names = "--customer-subscription",
            required = true,
            split = ",",
            paramLabel = "ID",
            description = "What they may read. 100 at most.")
    private List<UUID> customerSubscriptions;

    @Option(names = "--until", paramLabel = "TIME", description = "When it ends; without it, when it is revoked.")
    private String until;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the audit.")
    private String reason;

    CreateGrant(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        ObjectNode body = OperatorClient.object()
                .put("tenantId", tenant.toString())
                .put("subject", subject)
                .put("expiresAt", until)
                .put("reason", reason);
        ArrayNode ids = body.putArray("customerSubscriptions");
        customerSubscriptions.forEach(id -> ids.add(id.toString()));
        String id = gateway.post("/grants", body).path("id").asText();
        out.println(id + " is granted. Revoke it with: tallygate grants revoke " + id);
        return 0;
    }
}
