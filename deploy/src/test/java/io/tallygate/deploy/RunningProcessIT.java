package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunningProcessIT {
    private Process process;

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void aStopSignalStopsTheGatewayAndEndsWithZero() throws Exception {
        BufferedReader output = start("good");
        assertThat(output.readLine()).isEqualTo("ready");
        // Not Process.destroy, which closes the output too.
        process.toHandle().destroy();

        assertThat(output.readLine()).isEqualTo("stop was asked for");
        assertThat(exitCode()).isZero();
    }

    @Test
    void aHangUpSignalReadsTheConfigurationAgain() throws Exception {
        BufferedReader output = start("good");
        assertThat(output.readLine()).isEqualTo("ready");
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();

        assertThat(output.readLine()).isEqualTo("reload was asked for");
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void aGatewayThatDoesNotStopEndsWithOne() throws Exception {
        BufferedReader output = start("hangs-in-stop");
        assertThat(output.readLine()).isEqualTo("ready");
        process.toHandle().destroy();

        assertThat(exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refuses-to-start", "throws"})
    void aGatewayThatDoesNotStartEndsWithOne(String behaviour) throws Exception {
        start(behaviour);

        assertThat(exitCode()).isEqualTo(1);
    }

    @Test
    void logsGoToStderrWithOneLineForAStackTrace() throws Exception {
        start("throws");

        List<String> lines = process.errorReader().lines().toList();

        assertThat(lines)
                .filteredOn(line -> !line.startsWith("WARNING:"))
                .singleElement()
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ERROR \\[main\\] .*RunningProcess - The"
                        + " gateway did not start \\| java.lang.IllegalStateException: cannot start \\| at .*\\)");
    }

    private BufferedReader start(String behaviour) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // The one that is shipped, not that of the tests.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                RunningProcessFixture.class.getName(),
                behaviour);
        builder.environment().remove("TALLYGATE_LOG_LEVEL");
        process = builder.start();
        return process.inputReader();
    }

    private int exitCode() throws InterruptedException {
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }
}
