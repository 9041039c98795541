package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.CommerceAdapter;
import io.tallygate.routing.commerce.EndpointConfig;
import io.vertx.core.Vertx;

/**
 * A configured endpoint and the adapter that speaks to it.
 *
 * @param adapter lives as long as the gateway
 */
public record Endpoint(EndpointConfig config, CommerceAdapter adapter) {
    /** Opens the endpoint. */
    public static Endpoint open(Vertx vertx, EndpointConfig config) {
        return new Endpoint(config, config.adapter().factory().create(vertx, config));
    }

    /** Its name. */
    public String name() {
        return config.name();
    }
}
