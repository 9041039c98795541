package io.tallygate.deploy.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say where the gateway is. */
public final class GatewayOptions {
    @Option(names = "--url", paramLabel = "URL", description = "The gateway. Default: the running demo's.")
    private String url;

    @Option(names = "--ca", paramLabel = "FILE", description = "PEM certificates to trust. Default: the demo's.")
    private Path ca;

    @Option(names = "--data", paramLabel = "DIR", description = "The demo's data directory, if it is not the default.")
    private Path data;

    /**
     * The gateway of the options, or the running demo.
     *
     * @param token null for that of the environment, or of the demo
     * @throws IOException if the demo is wanted and there is none
     * @throws IllegalArgumentException if something is missing or malformed
     */
    public GatewayTarget target(GatewayTarget.Caller caller, String token, Map<String, String> environment)
            throws IOException {
        Path directory = data == null ? StateDirectory.of(environment).resolve("demo") : data;
        return GatewayTarget.of(url, caller, token, ca, directory, environment);
    }
}
