package io.tallygate.deploy.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A running gateway: {@code java -jar tallygate.jar serve}.
 *
 * @param recording where its flight recording is written when it is closed; null for none
 */
record Gateway(GatewayFile file, ServerProcess process, Path recording) implements AutoCloseable {
    /** Starts it with these options for the JVM. */
    static Gateway start(Path jar, GatewayFile file, List<String> jvmOptions, Path recording) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(jvmOptions);
        if (recording != null) {
            words.add("-XX:StartFlightRecording:settings=profile");
        }
        words.addAll(
                List.of("-jar", jar.toString(), "serve", "--config", file.path().toString()));
        Path log = file.path().resolveSibling(file.path().getFileName() + ".log");
        return new Gateway(file, ServerProcess.start(new ProcessBuilder(words), log, () -> isReady(file)), recording);
    }

    String url() {
        return file.url();
    }

    @Override
    public void close() throws IOException {
        if (recording != null) {
            process.jcmd("JFR.dump", "filename=" + recording);
        }
        process.close();
    }

    private static boolean isReady(GatewayFile file) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + file.managementPort() + "/health/ready")
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(1000);
            return connection.getResponseCode() == 200 && listens(file.port());
        } catch (IOException notYet) {
            return false;
        }
    }

    // Health may say yes a moment before the port of the callers is open.
    private static boolean listens(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }
}
