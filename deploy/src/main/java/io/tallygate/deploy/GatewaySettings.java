package io.tallygate.deploy;

import io.tallygate.deploy.config.HttpConfig;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.gateway.GatewayConfig;
import io.tallygate.gateway.operations.CloudEndpoints;
import io.tallygate.routing.commerce.EndpointConfig;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the settings of {@code serve} say of how requests are answered. */
final class GatewaySettings {
    // Several event loops may share a random port only under a negative number.
    private static final int SHARED_RANDOM_PORT = -1;

    private GatewaySettings() {}

    /** The part of it that concerns requests. */
    static GatewayConfig of(ServeConfig config) {
        HttpConfig http = config.http();
        return new GatewayConfig(
                http.host(),
                http.port() == 0 ? SHARED_RANDOM_PORT : http.port(),
                http.tls()
                        .map(tls -> new GatewayConfig.Tls(Buffer.buffer(tls.certificate()), Buffer.buffer(tls.key()))),
                http.trustedProxies(),
                http.maxBody(),
                http.streams(),
                // The other half is for everybody else.
                Math.max(1, config.database().poolSize() / 2),
                http.connections(),
                http.admission(),
                config.operatorSubscription(),
                Stream.concat(
                                Stream.of(config.continuation().secret()),
                                config.continuation().previousSecrets().stream())
                        .toList(),
                config.apiKeys().secrets(),
                config.cspSubscriptions(),
                config.delivery().endpoints().stream()
                        .map(EndpointConfig::name)
                        .collect(Collectors.toUnmodifiableSet()),
                config.retention().keep(),
                new CloudEndpoints(
                        config.metadata().galleryEndpoint().map(URI::toString),
                        config.metadata().graphEndpoint().map(URI::toString),
                        config.metadata().portalEndpoint().map(URI::toString),
                        config.metadata().loginEndpoint().map(URI::toString),
                        config.auth().audiences().stream().sorted().toList()));
    }
}
