package io.tallygate.deploy.config;

import io.tallygate.routing.commerce.AdapterType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** A value that can be told wherever it comes out, for every secret setting. */
final class Canaries {
    /** What all of them have in them, and nothing else. */
    static final String MARK = "canary" + UUID.randomUUID().toString().replace("-", "");

    private static final Set<String> ENDPOINT_SECRETS =
            Set.of("clientSecret", "apiKey", "apiSecret", "password", "token");

    private Canaries() {}

    /** The settings that are secret. */
    static List<Setting<?>> settings() {
        return Settings.all().stream()
                .filter(Setting::secret)
                .<Setting<?>>map(setting -> setting)
                .toList();
    }

    /** A good value for a secret setting, other than that of any other. */
    static String of(Setting<?> setting) {
        return switch (setting.type().name()) {
            case "text", "list of texts" -> MARK + "-" + setting.key();
            case "list of endpoints" -> endpoints().encode();
            case "list of sources" -> sources().encode();
            default ->
                throw new AssertionError(
                        "No canary for the type " + setting.type().name());
        };
    }

    private static JsonArray endpoints() {
        JsonArray endpoints = new JsonArray();
        for (AdapterType type : AdapterType.ALL) {
            Set<String> options = new TreeSet<>(type.required());
            type.optional().stream().filter(ENDPOINT_SECRETS::contains).forEach(options::add);
            JsonObject endpoint = new JsonObject().put("name", type.name()).put("adapter", type.name());
            options.forEach(option -> endpoint.put(option, value(option)));
            endpoints.add(endpoint);
        }
        return endpoints;
    }

    // Its registration is there in no database: nobody is called.
    private static JsonArray sources() {
        return new JsonArray()
                .add(new JsonObject()
                        .put("name", "cloud")
                        .put("type", "azureStackHub")
                        .put("registration", "none")
                        .put("url", "https://localhost:1/none")
                        .put("operatorSubscriptionId", UUID.randomUUID().toString())
                        .put("tokenUrl", "https://localhost:1/none")
                        .put("clientId", "client")
                        .put("clientSecret", MARK + "-clientSecret")
                        .put("scope", "target"))
                .add(openStack("one")
                        .put("applicationCredentialId", "client")
                        .put("applicationCredentialSecret", MARK + "-applicationCredentialSecret"))
                .add(openStack("two")
                        .put("user", "client")
                        .put("password", MARK + "-password")
                        .put("project", "target"));
    }

    private static JsonObject openStack(String name) {
        return new JsonObject()
                .put("name", name)
                .put("type", "cloudKitty")
                .put("registration", "none")
                .put("url", "https://localhost:1/none")
                .put("authUrl", "https://localhost:1/none");
    }

    private static String value(String option) {
        if (ENDPOINT_SECRETS.contains(option)) {
            return MARK + "-" + option;
        }
        return option.toLowerCase(Locale.ROOT).endsWith("url") ? "https://localhost:1/none" : "target";
    }
}
