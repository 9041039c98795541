package io.tallygate.deploy.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.StoppedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.UUID;

/** Decides the same about several events, each on its own: one that is refused does not keep the others. */
final class EachDelivery {
    private final OperatorClient gateway;
    private final PrintWriter out;
    private final PrintWriter err;

    EachDelivery(OperatorClient gateway, PrintWriter out, PrintWriter err) {
        this.gateway = gateway;
        this.out = out;
        this.err = err;
    }

    /** Gives the exit code: 0 if all went well. */
    int decide(List<UUID> keys, String verb, ObjectNode body) {
        int exitCode = 0;
        for (UUID key : keys) {
            try {
                JsonNode event = gateway.post("/deliveries/" + key + "/" + verb, body);
                out.println(key + " " + TextTable.cell(event.path("state")));
            } catch (StoppedException refused) {
                err.println(key + ": " + refused.getMessage());
                exitCode = OperatorCommand.FAILED;
            }
        }
        return exitCode;
    }
}
