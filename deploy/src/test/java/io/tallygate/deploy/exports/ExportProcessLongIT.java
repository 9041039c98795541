package io.tallygate.deploy.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallygate.deploy.Main;
import io.tallygate.deploy.testing.TokenFiles;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command in a process of its own, with a small heap and without what is not shipped. */
class ExportProcessLongIT {
    @TempDir
    Path directory;

    private final StreamServer server = new StreamServer(5_003);
    private Process process;

    @AfterEach
    void stop() {
        if (process != null) {
            process.destroyForcibly();
        }
        server.close();
    }

    private List<String> arguments(Path file) {
        return List.of(
                "--subscription",
                "s1",
                "--from",
                "2026-11-20",
                "--to",
                "2026-11-21",
                "-o",
                file.toString(),
                "--url",
                server.url(),
                "--token-file",
                TokenFiles.of("t0"));
    }

    private void start(Path file) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("hadoop-common") && !entry.contains("hadoop-mapreduce"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(classPath).contains("parquet-hadoop");
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx48m",
                                "-cp",
                                classPath,
                                Main.class.getName(),
                                "export"),
                        arguments(file).stream())
                .toList());
        builder.redirectOutput(directory.resolve("out").toFile());
        builder.redirectError(directory.resolve("err").toFile());
        process = builder.start();
    }

    private String said(String stream) throws IOException {
        return Files.readString(directory.resolve(stream));
    }

    @Test
    void parquetNeedsNoHadoopAndLittleMemory() throws Exception {
        server.rows = 120_000;
        server.padding = "long".repeat(150);
        server.quantity = row -> row + "." + "1".repeat(15);
        Path file = directory.resolve("usage.parquet");

        start(file);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).as(said("err")).isZero();
        assertThat(said("err")).doesNotContainIgnoringCase("warn").doesNotContain("SLF4J");
        assertThat(said("out")).startsWith(file + ": 120,000 rows, ");
        assertThat(file).isNotEmptyFile();
    }

    @Test
    void anExportThatWasKilledGoesOn() throws Exception {
        server.faults.add(StreamServer.Fault.stall(450_000));
        Path file = directory.resolve("usage.ndjson");
        start(file);
        awaitPosition();
        process.destroyForcibly().waitFor();

        goesOn(file);
    }

    @Test
    void anExportThatWasInterruptedSaysThatItGoesOn() throws Exception {
        server.faults.add(StreamServer.Fault.stall(450_000));
        Path file = directory.resolve("usage.ndjson");
        start(file);
        awaitPosition();
        process.destroy();
        process.waitFor();
        assertThat(said("err")).contains("interrupted").contains("the same command goes on from there");

        goesOn(file);
    }

    private void awaitPosition() {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Path state = directory.resolve("usage.ndjson.part.json");
            return Files.exists(state) && Files.readString(state).contains("-p_4000");
        });
    }

    private void goesOn(Path file) throws IOException {
        server.requests.clear();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(
                        new ExportCommand(Map.of(), pause -> {}, new ByteArrayOutputStream(), Duration.ofSeconds(10)))
                .setErr(new PrintWriter(err))
                .execute(arguments(file).toArray(String[]::new));

        assertThat(exit).as(err.toString()).isZero();
        assertThat(err.toString()).contains("going on after row 4000");
        assertThat(server.requests).containsExactly("HEAD null identity", "GET -p_4000 identity");
        assertThat(file).hasContent(server.all("ndjson"));
    }
}
