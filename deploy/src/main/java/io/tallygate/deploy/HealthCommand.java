package io.tallygate.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks a gateway for its health, where there is no curl. */
@Command(
        name = "health",
        description =
                "Prints the health of a gateway; exits with 0 if it is ready, with 1 if it is not or does not answer.",
        mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
    private static final String PORT = "TALLYGATE_MANAGEMENT_PORT";
    private static final int MILLIS = 4_000;
    private static final int FAILURES = 400;

    private final Map<String, String> environment;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The management address. Default: http://127.0.0.1 and the port of " + PORT + ", or 9090.")
    private URI url;

    @Option(names = "--live", description = "Ask only whether the process answers at all.")
    private boolean live;

    @Spec
    private CommandSpec spec;

    HealthCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        URI management = url != null ? url : URI.create("http://127.0.0.1:" + environment.getOrDefault(PORT, "9090"));
        URI health = management.resolve(live ? "/health/live" : "/health/ready");
        HttpURLConnection connection = (HttpURLConnection) health.toURL().openConnection();
        connection.setConnectTimeout(MILLIS);
        connection.setReadTimeout(MILLIS);
        try {
            int status = connection.getResponseCode();
            spec.commandLine().getOut().println(body(connection, status));
            return status == HttpURLConnection.HTTP_OK ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (IOException silent) {
            throw new IOException(health + " does not answer (" + silent.getMessage() + ")", silent);
        } finally {
            connection.disconnect();
        }
    }

    private static String body(HttpURLConnection connection, int status) throws IOException {
        try (InputStream body = status < FAILURES ? connection.getInputStream() : connection.getErrorStream()) {
            return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
