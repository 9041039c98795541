package io.tallygate.deploy.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where everything runs: a Postgres with the world loaded, an identity provider, and the gateways that were asked for.
 *
 * @param directory for files of the run
 * @param jar the gateway's
 * @param profile whether gateways record what they do
 */
record Site(
        Path directory,
        Path jar,
        BenchServer server,
        BenchIdentity identity,
        World world,
        List<String> jvmOptions,
        boolean profile) {
    /** The database that has the world. */
    static final String DATABASE = "tallygate";

    /** Starts a gateway over the world's database. */
    Gateway gateway(boolean tls) throws IOException {
        return gateway(DATABASE, tls);
    }

    /** Starts a gateway over another database. */
    Gateway gateway(String database, boolean tls) throws IOException {
        return start(database, tls, false);
    }

    /** Starts a gateway over another database with these settings. */
    Gateway gateway(String database, JsonObject settings) throws IOException {
        return start(
                GatewayFile.write(directory, server.config(database), identity, false, false, settings), options());
    }

    /** Starts a gateway over the world's database that refuses what is too much, as it does by default. */
    Gateway boundedGateway() throws IOException {
        return start(DATABASE, false, true);
    }

    /** Starts one of several gateways over the world's database, with one processor each and these settings. */
    Gateway oneOfSeveral(JsonObject settings) throws IOException {
        List<String> options = options();
        options.add("-XX:ActiveProcessorCount=1");
        return start(GatewayFile.write(directory, server.config(DATABASE), identity, false, false, settings), options);
    }

    private Gateway start(String database, boolean tls, boolean bounded) throws IOException {
        return start(
                GatewayFile.write(directory, server.config(database), identity, tls, bounded, new JsonObject()),
                options());
    }

    private Gateway start(GatewayFile file, List<String> options) throws IOException {
        return Gateway.start(jar, file, options, profile ? directory.resolve("gateway-" + file.port() + ".jfr") : null);
    }

    Psql psql() {
        return psql(DATABASE);
    }

    Psql psql(String database) {
        return new Psql(server.environment(database));
    }

    Curl operator() {
        return new Curl(identity.operator(), identity.caFile());
    }

    private List<String> options() {
        List<String> options = new ArrayList<>(jvmOptions);
        if (Runtime.version().feature() >= 24) {
            options.add("--enable-native-access=ALL-UNNAMED");
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        return options;
    }
}
