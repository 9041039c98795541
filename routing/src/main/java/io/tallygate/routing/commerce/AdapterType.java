package io.tallygate.routing.commerce;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A kind of endpoint.
 *
 * @param name in the configuration
 * @param required the options that an endpoint of this kind must have
 * @param optional the options that it may have
 * @param forms of options whose value is not free
 * @param factory makes the adapter
 */
public record AdapterType(
        String name, Set<String> required, Set<String> optional, Map<String, Form> forms, Factory factory) {
    /** Every kind that there is: a new one is a class, and a line here. */
    public static final List<AdapterType> ALL = List.of(
            new AdapterType(
                    "marketplace",
                    Set.of("url", "planId", "tokenUrl", "clientId", "clientSecret"),
                    Set.of("scope", "payerField"),
                    Map.of("payerField", MarketplaceAdapter.PAYER_FIELD),
                    MarketplaceAdapter::new),
            new AdapterType("cloudevents", Set.of("url"), Set.of("token", "source", "type"), CloudEventsAdapter::new),
            new AdapterType(
                    "killbill",
                    Set.of("url", "apiKey", "apiSecret", "user", "password"),
                    Set.of("version", "multiplier"),
                    Map.of("version", KillBillAdapter.VERSION, "multiplier", KillBillAdapter.MULTIPLIER),
                    KillBillAdapter::new),
            new AdapterType("file", Set.of("directory"), Set.of(), FileAdapter::new));

    /** A kind whose options may have any value. */
    public AdapterType(String name, Set<String> required, Set<String> optional, Factory factory) {
        this(name, required, optional, Map.of(), factory);
    }

    /**
     * What the value of an option must be like.
     *
     * @param expected in words
     */
    public record Form(Pattern pattern, String expected) {
        static Form of(String pattern, String expected) {
            return new Form(Pattern.compile(pattern), expected);
        }

        /** Whether the value is like that. */
        public boolean fits(String value) {
            return pattern.matcher(value).matches();
        }

        /**
         * The option's value.
         *
         * @throws IllegalArgumentException if it is not like that; the message does not quote it
         */
        String value(EndpointConfig config, String option, String otherwise) {
            String value = config.options().getOrDefault(option, otherwise);
            if (!fits(value)) {
                throw new IllegalArgumentException(
                        "Endpoint " + config.name() + ": " + option + " must be " + expected);
            }
            return value;
        }
    }

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
