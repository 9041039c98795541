package io.tallygate.deploy.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.client.ExactJson;
import io.tallygate.deploy.client.GatewayAnswer;
import io.tallygate.deploy.client.GatewayClient;
import io.tallygate.deploy.client.Retries;
import io.tallygate.deploy.client.StoppedException;
import io.tallygate.gateway.http.Excerpt;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;

/** Creates subscriptions (and so tenants) and meters that are missing, and leaves alone those that are there. */
final class DirectoryClient {
    private final GatewayClient gateway;
    private final DirectoryOptions options;
    private final Retries retries;
    private final Clock clock;
    private Map<String, JsonNode> meters;

    DirectoryClient(GatewayClient gateway, DirectoryOptions options, Retries retries, Clock clock) {
        this.gateway = gateway;
        this.options = options;
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Creates a subscription if it is missing.
     *
     * @return whether it was missing
     * @throws StoppedException if that is refused
     */
    boolean create(FocusSubscription subscription) throws StoppedException, InterruptedException {
        String path = "/subscriptions/" + segment(options.operatorSubscription())
                + "/providers/Microsoft.Subscriptions.Admin/subscriptions/" + subscription.id()
                + "?api-version=2015-11-01";
        if (send(HttpMethod.GET, path, null).isSuccess()) {
            return false;
        }
        ObjectNode body = ExactJson.MAPPER
                .createObjectNode()
                .put("subscriptionId", subscription.id().toString())
                .put("displayName", subscription.displayName())
                .put("owner", subscription.owner())
                .put("tenantId", subscription.tenantId().toString())
                .put("state", "Enabled")
                .put("delegatedProviderSubscriptionId", options.operatorSubscription());
        if (options.registration() != null) {
            body.put("registrationId", options.registration());
        }
        GatewayAnswer answer = send(HttpMethod.PUT, path, body);
        if (!answer.isSuccess()) {
            throw new StoppedException("cannot create subscription " + subscription.id() + " ("
                    + Excerpt.oneLine(subscription.displayName()) + "): " + answer.summary());
        }
        return true;
    }

    /**
     * Creates a meter if it is missing. One that is there keeps all it has: a PUT would change what sealed usage and
     * billing rely on.
     *
     * @return null, or in what an existing meter differs
     * @throws StoppedException if that is refused
     */
    String create(FocusMeter meter) throws StoppedException, InterruptedException {
        JsonNode known = knownMeters().get(meter.id());
        if (known != null) {
            return difference(
                    meter, known.path("name").asText(), known.path("unit").asText());
        }
        ObjectNode body = ExactJson.MAPPER
                .createObjectNode()
                .put("name", meter.name())
                .put("unit", meter.unit())
                .put("chargeable", options.chargeable());
        GatewayAnswer answer = send(HttpMethod.PUT, "/meters/" + segment(meter.id()), body);
        if (answer.status() == 409) {
            return "meter " + Excerpt.oneLine(meter.id()) + " is kept as it is: " + answer.summary();
        }
        if (!answer.isSuccess()) {
            throw new StoppedException("cannot create meter " + Excerpt.oneLine(meter.id()) + ": " + answer.summary());
        }
        return null;
    }

    private static String difference(FocusMeter meter, String name, String unit) {
        return name.equals(meter.name()) && unit.equals(meter.unit())
                ? null
                : Excerpt.oneLine("meter " + meter.id() + " is kept as it is: " + name + " in " + unit
                        + ", in the file " + meter.name() + " in " + meter.unit());
    }

    /** By id, of which the case does not count. */
    private Map<String, JsonNode> knownMeters() throws StoppedException, InterruptedException {
        if (meters == null) {
            GatewayAnswer answer = send(HttpMethod.GET, "/meters", null);
            if (!answer.isSuccess()) {
                throw new StoppedException("cannot read the meters: " + answer.summary());
            }
            Map<String, JsonNode> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (JsonNode meter : answer.json().path("value")) {
                known.put(meter.path("meterId").asText(), meter);
            }
            meters = known;
        }
        return meters;
    }

    private GatewayAnswer send(HttpMethod method, String path, ObjectNode body)
            throws StoppedException, InterruptedException {
        Buffer json = body == null ? null : Buffer.buffer(body.toString());
        return retries.call(
                () -> gateway.send(method, path, options.operatorToken(), "application/json; charset=utf-8", json)
                        .orTryAgain(clock.instant()));
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
