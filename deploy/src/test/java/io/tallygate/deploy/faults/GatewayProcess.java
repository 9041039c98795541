package io.tallygate.deploy.faults;

import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A gateway as a process of its own, which can be killed and started again. */
final class GatewayProcess {
    private static final HttpClient HEALTH = HttpClient.newHttpClient();

    private final String name;
    private final Map<String, String> settings;
    private Process process;
    private int kills;

    /**
     * Not started yet.
     *
     * @param settings as environment variables
     */
    GatewayProcess(String name, Map<String, String> settings) {
        this.name = name;
        this.settings = settings;
    }

    void start() {
        start(List.of());
    }

    /** The same with options of {@code serve}. */
    void start(List<String> options) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-Xmx384m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve"));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(settings);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/faults-" + name + ".log")));
        try {
            process = builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Waits until it says that it is ready; starts it once more if it gave up, as when its database was away. */
    void awaitReady() {
        await(name + " is ready").atMost(Duration.ofSeconds(90)).until(() -> {
            if (!process.isAlive()) {
                start();
            }
            return ready();
        });
    }

    /** kill -9. */
    void kill() {
        kills++;
        stop();
    }

    /** The same, but not as a fault. */
    void stop() {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive());
    }

    /** SIGTERM; gives the exit code. */
    int terminate() {
        // Not Process.destroy, which closes the output too.
        process.toHandle().destroy();
        await().atMost(Duration.ofSeconds(90)).until(() -> !process.isAlive());
        return process.exitValue();
    }

    /** Where its health is told. */
    int managementPort() {
        return Integer.parseInt(settings.get("TALLYGATE_MANAGEMENT_PORT"));
    }

    int kills() {
        return kills;
    }

    private boolean ready() {
        URI health = URI.create("http://localhost:" + settings.get("TALLYGATE_MANAGEMENT_PORT") + "/health/ready");
        try {
            HttpRequest request = HttpRequest.newBuilder(health)
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return HEALTH.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
