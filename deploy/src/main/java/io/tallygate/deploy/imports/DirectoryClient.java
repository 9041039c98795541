package io.tallygate.deploy.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** Creates subscriptions (and so tenants) and meters that are missing, and leaves alone those that are there. */
final class DirectoryClient {
    private final GatewayClient gateway;
    private final DirectoryOptions options;
    private final Retries retries;
    private final Clock clock;

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
     * @throws ImportStoppedException if that is refused
     */
    boolean create(FocusSubscription subscription) throws ImportStoppedException, InterruptedException {
        String path = "/subscriptions/" + segment(options.operatorSubscription())
                + "/providers/Microsoft.Subscriptions.Admin/subscriptions/" + subscription.id()
                + "?api-version=2015-11-01";
        if (send(HttpMethod.GET, path, null).isSuccess()) {
            return false;
        }
        ObjectNode body = JsonText.MAPPER
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
            throw new ImportStoppedException("cannot create subscription " + subscription.id() + " ("
                    + Excerpt.oneLine(subscription.displayName()) + "): " + answer.summary());
        }
        return true;
    }

    /**
     * Creates a meter if it is missing.
     *
     * @return null, or why an existing meter of another name or unit was kept
     * @throws ImportStoppedException if that is refused
     */
    String create(FocusMeter meter) throws ImportStoppedException, InterruptedException {
        ObjectNode body = JsonText.MAPPER
                .createObjectNode()
                .put("name", meter.name())
                .put("unit", meter.unit())
                .put("chargeable", options.chargeable());
        GatewayAnswer answer = send(HttpMethod.PUT, "/meters/" + segment(meter.id()), body);
        if (answer.status() == 409) {
            return "meter " + Excerpt.oneLine(meter.id()) + " is kept as it is: " + answer.summary();
        }
        if (!answer.isSuccess()) {
            throw new ImportStoppedException(
                    "cannot create meter " + Excerpt.oneLine(meter.id()) + ": " + answer.summary());
        }
        return null;
    }

    private GatewayAnswer send(HttpMethod method, String path, ObjectNode body)
            throws ImportStoppedException, InterruptedException {
        Buffer json = body == null ? null : Buffer.buffer(body.toString());
        return retries.call(
                () -> gateway.send(method, path, options.operatorToken(), "application/json; charset=utf-8", json)
                        .orTryAgain(clock.instant()));
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
