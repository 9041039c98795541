package io.tallygate.deploy.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The gateway that a command talks to.
 *
 * @param url where it is
 * @param token of the caller
 * @param caFile PEM certificates to trust, or null for those of the Java platform
 * @param demo the demo if that is the target, else null
 */
public record GatewayTarget(String url, String token, Path caFile, RunningDemo demo) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Who calls, if the command line names no token. */
    public enum Caller {
        /** May post usage. */
        REPORTER("TALLYGATE_TOKEN"),
        /** May read usage. */
        READER("TALLYGATE_TOKEN"),
        /** May read everything and change what is to be decided. */
        OPERATOR("TALLYGATE_OPERATOR_TOKEN");

        private final String variable;

        Caller(String variable) {
            this.variable = variable;
        }

        private String of(RunningDemo demo) {
            return this == REPORTER ? demo.reporter().token() : demo.operator().token();
        }
    }

    /** @throws IllegalArgumentException if the certificates cannot be read */
    public GatewayTarget {
        if (caFile != null && !Files.isReadable(caFile)) {
            throw new IllegalArgumentException("--ca: " + caFile + " is not a readable file");
        }
    }

    /** Whether it is on this machine. */
    public boolean isLocal() {
        return LOOPBACK.contains(String.valueOf(URI.create(url).getHost()));
    }

    /**
     * The gateway of the options, or the running demo.
     *
     * @param url null for the demo
     * @param token null for that of the environment, or of the demo
     * @param caFile null for the platform's, or the demo's
     * @param demoDirectory where the demo keeps its info file
     * @throws IOException if the demo is wanted and there is none
     * @throws IllegalArgumentException if something is missing or malformed
     */
    static GatewayTarget of(
            String url, Caller caller, String token, Path caFile, Path demoDirectory, Map<String, String> environment)
            throws IOException {
        if (url == null) {
            RunningDemo demo = RunningDemo.read(demoDirectory);
            return new GatewayTarget(
                    demo.baseUrl(),
                    token == null ? caller.of(demo) : token,
                    caFile == null ? demo.caFile() : caFile,
                    demo);
        }
        requireSafe(url);
        String given = token == null ? environment.get(caller.variable) : token;
        if (given == null) {
            throw new IllegalArgumentException(
                    "--url needs --token-file, or " + caller.variable + " in the environment");
        }
        return new GatewayTarget(url, given, caFile, null);
    }

    /** A token must not travel in the clear. */
    private static void requireSafe(String url) {
        URI uri = URI.create(url);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean safe =
                scheme.equals("https") || (scheme.equals("http") && LOOPBACK.contains(String.valueOf(uri.getHost())));
        if (!safe || uri.getHost() == null || uri.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "--url is " + url + ", expected https://HOST[:PORT] (http only for this machine)");
        }
    }

    @Override
    public String toString() {
        return url;
    }
}
