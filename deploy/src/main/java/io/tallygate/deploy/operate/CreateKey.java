package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code keys create}. */
@Command(
        name = "create",
        description = {
            "Makes an API key that reads what you read, of the subscriptions named,",
            "and prints it alone on the standard output: nobody can show it again."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class CreateKey extends OperatorCommand {
    @Option(names = "--name", required = true, paramLabel = "TEXT", description = "What it is for.")
    private String name;

    @Option(
            names = "--subscription",
            required = true,
            split = ",",
            paramLabel = "ID",
            description = {
                "What it may name: a subscription, a customer subscription, or the default",
                "provider subscription for everyone's usage. 100 at most."
            })
    private List<UUID> subscriptions;

    @Option(
            names = "--days",
            defaultValue = "90",
            paramLabel = "N",
            description = "How long it is good, 366 at most (default: ${DEFAULT-VALUE}).")
    private int days;

    CreateKey(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int run(OperatorClient gateway, PrintWriter out) throws StoppedException {
        ObjectNode body = OperatorClient.object().put("displayName", name);
        ArrayNode ids = body.putArray("subscriptions");
        subscriptions.forEach(id -> ids.add(id.toString()));
        // Not the whole of the last day: the clock of the gateway may be behind.
        body.put(
                "expiresAt",
                Instant.now().plus(Duration.ofDays(days)).minusSeconds(60).toString());
        JsonNode made = gateway.post("/apiKeys", body);
        out.println(made.path("key").asText());
        err().println("Good until " + made.path("expiresAt").asText() + ". Revoke it with: tallygate keys revoke "
                + made.path("id").asText());
        return 0;
    }
}
