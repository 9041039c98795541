package io.tallygate.gateway;

import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.gateway.operations.CloudEndpoints;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the gateway answers.
 *
 * @param port 0 for any free one
 * @param tls empty for plain HTTP behind a proxy that ends TLS
 * @param trustedProxies addresses or ranges whose forwarding headers are believed
 * @param maxBody bytes of a request body at the most; streams of usage are not bounded by it
 * @param streams bounds of streams; {@code streamReads} of them read from the database at the same moment at the most
 * @param connections bounds of connections and of what comes over them
 * @param admission how much work is let in
 * @param operatorSubscription the default provider subscription
 * @param continuationSecrets the first seals new continuation tokens; all of them open old ones
 * @param apiKeySecrets API keys are made under the first; all of them take old ones; empty for no keys at all
 * @param cspSubscriptions the CSP subscriptions that may be mapped; empty for any
 * @param deliveryEndpoints the names of the configured endpoints that registrations may choose
 * @param retention usage older than this is rejected
 */
public record GatewayConfig(
        String host,
        int port,
        Optional<Tls> tls,
        List<String> trustedProxies,
        int maxBody,
        StreamConfig streams,
        int streamReads,
        ConnectionConfig connections,
        AdmissionConfig admission,
        SubscriptionId operatorSubscription,
        List<String> continuationSecrets,
        List<String> apiKeySecrets,
        Set<SubscriptionId> cspSubscriptions,
        Set<String> deliveryEndpoints,
        Duration retention,
        CloudEndpoints endpoints) {

    /** A certificate with its key, both PEM. */
    public record Tls(Buffer certificate, Buffer key) {

        /** Shows no key. */
        @Override
        public String toString() {
            return "Tls[certificate=" + certificate + "]";
        }
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "GatewayConfig[" + host + ":" + port + "]";
    }
}
