package io.tallygate.deploy.bench;

import io.tallygate.store.DatabaseConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A configuration file of {@code serve}: what is required, and of the rest only what keeps the gateway from work of its own
 * while it is measured, and from refusing what one client asks as fast as it can. Everything else is the default.
 *
 * @param port of the gateway
 * @param managementPort where it tells its health
 */
record GatewayFile(Path path, boolean tls, int port, int managementPort) {
    /**
     * Writes one into the directory.
     *
     * @param bounded whether it has the usual bounds of admission; without them a single tenant or address may ask as fast
     *     as it can
     * @param more settings that go before these, as sections
     */
    static GatewayFile write(
            Path directory,
            DatabaseConfig database,
            BenchIdentity identity,
            boolean tls,
            boolean bounded,
            JsonObject more)
            throws IOException {
        int port = freePort();
        int managementPort = freePort();
        JsonObject http = new JsonObject().put("host", "127.0.0.1").put("port", port);
        if (tls) {
            http.put("tls.certificate", identity.certificateFile().toString())
                    .put("tls.key", identity.keyFile().toString());
        }
        JsonObject issuer = new JsonObject()
                .put("issuer", identity.issuerTemplate())
                .put("tenants", "*")
                .put("discovery", identity.discovery().toString())
                .put("caFile", identity.caFile().toString());
        JsonObject file = new JsonObject()
                .put(
                        "database",
                        new JsonObject()
                                .put("url", database.url())
                                .put("user", database.user())
                                .put("password", database.password()))
                .put("http", http)
                .put("management", new JsonObject().put("host", "127.0.0.1").put("port", managementPort))
                .put(
                        "operator",
                        new JsonObject()
                                .put("tenantId", World.OPERATOR.toString())
                                .put("subscriptionId", World.OPERATOR_SUBSCRIPTION.toString()))
                .put(
                        "auth",
                        new JsonObject()
                                .put("audiences", new JsonArray().add(identity.audience()))
                                .put("issuers", new JsonArray().add(issuer)))
                .put("continuation", new JsonObject().put("secret", "a secret that is used for nothing but this"))
                .put("windows", new JsonObject().put("lag", "P1D"))
                .put("reconciliation", new JsonObject().put("checkInterval", "P1D"));
        if (!bounded) {
            // Wide, and yet not more than may wait for a connection to the database.
            http.put(
                    "requests",
                    new JsonObject().put("limit", 64).put("waiting", 10_000).put("patience", "PT1M"));
            file.put("limits", new JsonObject().put("tenant.rate", 0));
        }
        Path path = directory.resolve("gateway-" + port + ".json");
        Files.writeString(path, file.mergeIn(more).encodePrettily());
        return new GatewayFile(path, tls, port, managementPort);
    }

    /** Where it is reached. */
    String url() {
        return tls ? "https://localhost:" + port : "http://127.0.0.1:" + port;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
