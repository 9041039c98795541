package io.tallygate.routing.commerce;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A kind of endpoint.
 *
 * @param name in the configuration
 * @param required the options that an endpoint of this kind must have
 * @param optional the options that it may have
 * @param factory makes the adapter
 */
public record AdapterType(String name, Set<String> required, Set<String> optional, Factory factory) {
    /** Every kind that there is: a new one is a class, and a line here. */
    public static final List<AdapterType> ALL = List.of(
            new AdapterType(
                    "marketplace",
                    Set.of("url", "planId", "tokenUrl", "clientId", "clientSecret"),
                    Set.of("scope", "payerField"),
                    MarketplaceAdapter::new),
            new AdapterType("cloudevents", Set.of("url"), Set.of("token", "source", "type"), CloudEventsAdapter::new),
            new AdapterType(
                    "killbill",
                    Set.of("url", "apiKey", "apiSecret", "user", "password"),
                    Set.of("version", "multiplier"),
                    KillBillAdapter::new),
            new AdapterType("file", Set.of("directory"), Set.of(), FileAdapter::new));

    /** Makes an adapter for an endpoint. */
    @FunctionalInterface
    public interface Factory {
        CommerceAdapter create(Vertx vertx, EndpointConfig config);
    }

    /** The kind of this name, if there is one. */
    public static Optional<AdapterType> named(String name) {
        return ALL.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    @Override
    public String toString() {
        return name;
    }
}
