package io.tallygate.deploy.exports;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.client.ExactJson;
import io.tallygate.deploy.client.RetryPolicy;
import io.tallygate.deploy.testing.TokenFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ExportCommandIT {
    private static final String ID = "50000000-0000-4000-8000-000000000010";

    @TempDir
    Path directory;

    private final StreamServer server = new StreamServer(5_003);
    private final List<Duration> pauses = new ArrayList<>();
    private OutputStream standardOutput = new ByteArrayOutputStream();
    private Runnable duringPause = () -> {};
    private String out;
    private String err;

    @AfterEach
    void stop() {
        server.close();
    }

    private int run(Object... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        CommandLine command = new CommandLine(new ExportCommand(
                        Map.of("XDG_STATE_HOME", directory.resolve("state").toString()),
                        pause -> {
                            pauses.add(pause);
                            duringPause.run();
                        },
                        standardOutput,
                        Duration.ofSeconds(1)))
                .setOut(new PrintWriter(outText))
                .setErr(new PrintWriter(errText));
        int exit = command.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return exit;
    }

    private int export(Object output, Object... more) {
        return run(Stream.concat(
                        Stream.of(
                                "--subscription",
                                ID,
                                "--from",
                                "2026-11-20",
                                "--to",
                                "2026-11-21",
                                "-o",
                                output,
                                "--url",
                                server.url(),
                                "--token-file",
                                TokenFiles.of("t0")),
                        Stream.of(more))
                .toArray());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String sha256(Path file) throws IOException {
        RunningSha256 digest = new RunningSha256();
        byte[] bytes = Files.readAllBytes(file);
        digest.update(bytes, 0, bytes.length);
        return digest.hex();
    }

    @ParameterizedTest
    @CsvSource({"ndjson, --gzip", "ndjson, --no-gzip", "csv, --gzip", "csv, --no-gzip"})
    void theFileHasTheBytesThatTheGatewaySendsWithoutPositions(String format, String gzip) throws IOException {
        Path file = directory.resolve("usage." + format);

        assertThat(export(file, gzip)).as(err).isZero();

        assertThat(file).hasContent(server.all(format));
        assertThat(files()).containsExactly("usage." + format);
        assertThat(out)
                .contains("5,003 rows")
                .contains("sha256 " + sha256(file))
                .doesNotContain("complete");
        assertThat(server.requests)
                .containsExactly("HEAD null identity", "GET null " + (gzip.equals("--gzip") ? "gzip" : "identity"));
    }

    @Test
    void theRequestSaysWhatIsWanted() {
        String from = "2026-11-20T05:00+01:00";
        Path file = directory.resolve("usage.ndjson");
        assertThat(run(
                        "--everyone",
                        "--operator-subscription",
                        "op",
                        "--granularity",
                        "hourly",
                        "--from",
                        from,
                        "--to",
                        "2026-11-20T09",
                        "-o",
                        file,
                        "--url",
                        server.url(),
                        "--token-file",
                        TokenFiles.of("t0")))
                .as(err)
                .isZero();
        assertThat(server.paths.get(1))
                .isEqualTo("/subscriptions/op/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates"
                        + "?api-version=2015-06-01-preview&reportedStartTime=2026-11-20T04:00:00Z"
                        + "&reportedEndTime=2026-11-20T09:00:00Z&aggregationGranularity=hourly&$format=ndjson"
                        + "&$positions=2000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ndjson", "csv"})
    void aBrokenStreamGoesOnAfterTheLastPosition(String format) throws IOException {
        long row = server.row(format, 4_000).length();
        server.faults.add(StreamServer.Fault.cut(4_500 * row));
        server.faults.add(StreamServer.Fault.cut(100 * row));
        server.faults.add(StreamServer.Fault.cut(700 * row));
        Path file = directory.resolve("usage." + format);

        assertThat(export(file)).as(err).isZero();

        assertThat(file).hasContent(server.all(format));
        assertThat(server.requests)
                .containsExactly(
                        "HEAD null identity",
                        "GET null identity",
                        "GET -p_4000 identity",
                        "GET -p_4000 identity",
                        "GET -p_4000 identity");
        assertThat(pauses).startsWith(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(err).contains("broke off").contains("trying again");
    }

    @Test
    void aStreamThatFallsSilentIsBroken() throws IOException {
        server.faults.add(StreamServer.Fault.stall(1_000));
        Path file = directory.resolve("usage.ndjson");

        assertThat(export(file)).as(err).isZero();
        assertThat(file).hasContent(server.all("ndjson"));
    }

    @Test
    void theGatewayMayRestart() throws IOException {
        server.faults.add(StreamServer.Fault.cut(450_000));
        int port = server.port();
        AtomicBoolean first = new AtomicBoolean(true);
        duringPause = () -> {
            if (pauses.size() == 1) {
                server.stop();
            } else if (first.getAndSet(false)) {
                server.start(port);
            }
        };
        Path file = directory.resolve("usage.ndjson");

        assertThat(export(file)).as(err).isZero();
        assertThat(file).hasContent(server.all("ndjson"));
        assertThat(err).contains("no answer from the gateway");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ndjson", "csv", "parquet"})
    void anotherRunGoesOnWhereOneStopped(String format) throws IOException {
        for (int attempt = 0; attempt <= RetryPolicy.DEFAULT.attempts(); attempt++) {
            server.faults.add(attempt == 0 ? StreamServer.Fault.cut(450_000) : StreamServer.Fault.status(503, "3"));
        }
        Path file = directory.resolve("usage." + format);
        server.completeThrough = "2026-11-20T22:00:00Z";
        assertThat(export(file)).isEqualTo(3);
        assertThat(err).contains("AsTold: status 503").contains("the same command goes on from there");
        assertThat(pauses).contains(Duration.ofSeconds(3));
        assertThat(files()).containsExactly("usage." + format + ".part", "usage." + format + ".part.json");

        server.requests.clear();
        server.faults.clear();
        assertThat(export(file)).as(err).isZero();
        assertThat(err).contains("going on after row ");
        assertThat(server.requests).hasSize(2).last().asString().startsWith("GET -p_");
        assertThat(files()).containsExactly("usage." + format);
        assertThat(out).contains(" s, complete through 2026-11-20T22:00:00Z");
        if (!format.equals("parquet")) {
            assertThat(file).hasContent(server.all(format));
            assertThat(out).contains(sha256(file));
        }
    }

    @Test
    void rowsOnDiskThatWereDamagedAreNotUsed() throws IOException {
        stopMidway("usage.ndjson");
        Path part = directory.resolve("usage.ndjson.part");
        byte[] bytes = Files.readAllBytes(part);
        bytes[1_000] ^= 1;
        Files.write(part, bytes);

        assertThat(export(directory.resolve("usage.ndjson"))).as(err).isZero();
        assertThat(directory.resolve("usage.ndjson")).hasContent(server.all("ndjson"));
    }

    @Test
    void whatIsOfAnotherExportIsNotWrittenOver() throws IOException {
        stopMidway("usage.ndjson");
        Path file = directory.resolve("usage.ndjson");

        assertThat(export(file, "--granularity", "hourly")).isEqualTo(2);
        assertThat(err).contains("is of another export").contains("aggregationGranularity=daily");
        assertThat(server.requests).isEmpty();

        assertThat(export(file, "--granularity", "hourly", "--restart")).as(err).isZero();
        assertThat(file).hasContent(server.all("ndjson"));
    }

    @Test
    void aPartOfSomebodyElseIsNotWrittenOver() throws IOException {
        Files.writeString(directory.resolve("usage.ndjson.part"), "mine");

        assertThat(export(directory.resolve("usage.ndjson"))).isEqualTo(2);
        assertThat(err).contains("--restart");
        assertThat(directory.resolve("usage.ndjson.part")).hasContent("mine");
    }

    @Test
    void aFileIsWrittenOverOnlyByForce() throws IOException {
        Path file = Files.writeString(directory.resolve("usage.ndjson"), "mine");

        assertThat(export(file)).isEqualTo(2);
        assertThat(err).contains("--force");
        assertThat(file).hasContent("mine");

        assertThat(export(file, "--force")).as(err).isZero();
        assertThat(file).hasContent(server.all("ndjson"));
    }

    @Test
    void aFileThatAppearedMeanwhileIsKept() throws IOException {
        Path file = directory.resolve("usage.ndjson");
        server.faults.add(StreamServer.Fault.cut(10));
        duringPause = () -> write(file, "mine");

        assertThat(export(file)).isEqualTo(2);
        assertThat(file).hasContent("mine");

        server.requests.clear();
        assertThat(export(file, "--force")).as(err).isZero();
        assertThat(file).hasContent(server.all("ndjson"));
        assertThat(server.requests).isEmpty();
    }

    @Test
    void onlyOneExportWritesAFile() throws IOException {
        Path file = directory.resolve("usage.ndjson");
        List<Integer> second = new ArrayList<>();
        List<String> said = new ArrayList<>();
        server.faults.add(StreamServer.Fault.cut(10));
        duringPause = () -> {
            second.add(export(file));
            said.add(err);
        };

        assertThat(export(file)).as(err).isZero();
        assertThat(second).containsExactly(2);
        assertThat(said.get(0)).contains("another export is writing");
        assertThat(file).hasContent(server.all("ndjson"));
    }

    @ParameterizedTest
    @CsvSource({
        "count, 'has 5003 rows, and says that it has 7'",
        "digest, 'and it says that it is 00'",
        "trailers, 'without its row count and digest'",
        "row, 'ends within a row'",
        "rows, 'announced 5003 rows, and 5002 came'"
    })
    void whatIsNotAsAnnouncedIsNotKept(String untrue, String reason) throws IOException {
        server.faults.add(StreamServer.Fault.untrue(untrue));

        assertThat(export(directory.resolve("usage.ndjson"))).isEqualTo(1);
        assertThat(err).contains(reason).contains("Nothing of it is kept.");
        assertThat(files()).isEmpty();
    }

    @Test
    void aProxyMayDropTrailersIfThatIsSaid() throws IOException {
        server.faults.add(StreamServer.Fault.untrue("trailers"));
        assertThat(export(directory.resolve("usage.ndjson"), "--no-digest"))
                .as(err)
                .isZero();
        assertThat(directory.resolve("usage.ndjson")).hasContent(server.all("ndjson"));

        server.faults.add(StreamServer.Fault.untrue("digest"));
        assertThat(export(directory.resolve("usage.csv"), "--no-digest")).isEqualTo(1);
    }

    @Test
    void otherColumnsAreNotPutBelowTheFirstOnes() throws IOException {
        stopMidway("usage.csv");
        server.header = "UsageStartTime,Quantity,more";

        assertThat(export(directory.resolve("usage.csv"))).isEqualTo(1);
        assertThat(err).contains("other columns than before");
    }

    @Test
    void aRangeThatIsNotSealedIsWaitedFor() {
        server.headFaults.add(StreamServer.Fault.status(202, "7"));
        server.headFaults.add(StreamServer.Fault.status(429, "2"));
        server.headFaults.add(StreamServer.Fault.status(503, null));

        assertThat(export(directory.resolve("usage.ndjson"))).as(err).isZero();
        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(2), Duration.ofSeconds(1));
        assertThat(err).contains("not sealed yet; asking again in 7.0 s").contains("AsTold: status 429");
    }

    @Test
    void itIsNotWaitedForWithoutEnd() throws IOException {
        for (int request = 0; request < 5; request++) {
            server.headFaults.add(StreamServer.Fault.status(202, "30"));
        }
        assertThat(export(directory.resolve("usage.ndjson"), "--wait", "1m")).isEqualTo(3);
        assertThat(pauses).hasSize(2);
        assertThat(err).contains("not sealed yet").contains("--wait");
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"400, 1", "403, 1", "401, 3"})
    void aRefusalSaysWhyAndLeavesNothing(int status, int exit) throws IOException {
        server.headFaults.add(StreamServer.Fault.status(status, null));

        assertThat(export(directory.resolve("usage.ndjson"))).isEqualTo(exit);
        assertThat(err).contains("AsTold: status " + status);
        assertThat(files()).isEmpty();
    }

    @Test
    void aRangeWithoutUsageIsAFileWithoutRows() {
        server.rows = 0;
        assertThat(export(directory.resolve("usage.ndjson"))).as(err).isZero();
        assertThat(directory.resolve("usage.ndjson")).isEmptyFile();
        assertThat(export(directory.resolve("usage.csv"))).as(err).isZero();
        assertThat(directory.resolve("usage.csv")).hasContent(StreamServer.CSV_HEADER + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ndjson", "csv"})
    void theStandardOutputGetsEveryRowOnceHoweverOftenTheStreamBreaks(String format) {
        long row = server.row(format, 4_000).length();
        server.faults.add(StreamServer.Fault.cut(1_500 * row));
        server.faults.add(StreamServer.Fault.cut(3_500 * row));
        server.faults.add(StreamServer.Fault.cut(500 * row));

        assertThat(export("-", "--format", format)).as(err).isZero();

        assertThat(((ByteArrayOutputStream) standardOutput).toString(StandardCharsets.UTF_8))
                .isEqualTo(server.all(format));
        assertThat(out).isEmpty();
        assertThat(err).contains("5,003 rows").contains("sha256 ");
    }

    @Test
    void aReaderWhoStopsHoldsTheGatewayBack() throws IOException {
        server.rows = 400_000;
        standardOutput = new OutputStream() {
            private boolean waited;

            @Override
            public void write(int single) {
                throw new AssertionError("one at a time");
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                if (!waited) {
                    waited = true;
                    awaitStandstill();
                }
            }
        };

        assertThat(export("-", "--format", "ndjson")).as(err).isZero();
        assertThat(server.written.get()).isGreaterThan(40_000_000);
    }

    private void awaitStandstill() {
        List<Long> before = new ArrayList<>(List.of(0L));
        Awaitility.await().pollInterval(Duration.ofMillis(300)).until(() -> {
            before.add(server.written.get());
            return before.get(before.size() - 2) > 0
                    && before.get(before.size() - 2).equals(before.get(before.size() - 1));
        });
        assertThat(server.written.get()).isLessThan(20_000_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-o usage.txt",
                "-o - ",
                "-o - --format parquet",
                "-o usage.csv --to 2026-11-20",
                "-o usage.csv --from tomorrow",
                "-o usage.csv --format xml",
                "-o usage/not/there.csv",
                "-o usage.csv --everyone",
                "-o usage.csv --wait long"
            })
    void aWrongCallIsTwoAndSaysWhy(String line) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("--url", server.url(), "--token-file", TokenFiles.of("t0"), "--subscription", ID));
        if (!line.contains("--from")) {
            arguments.addAll(List.of("--from", "2026-11-20"));
        }
        if (!line.contains("--to")) {
            arguments.addAll(List.of("--to", "2026-11-21"));
        }
        arguments.addAll(List.of(
                line.replace("usage", directory.resolve("usage").toString()).split(" +", -1)));
        arguments.removeIf(String::isEmpty);

        assertThat(run(arguments.toArray())).isEqualTo(2);
        assertThat(err).isNotBlank();
        assertThat(server.requests).isEmpty();
        assertThat(files()).isEmpty();
    }

    private void stopMidway(String name) throws IOException {
        server.faults.add(StreamServer.Fault.cut(450_000));
        for (int attempt = 0; attempt < RetryPolicy.DEFAULT.attempts(); attempt++) {
            server.faults.add(StreamServer.Fault.status(503, null));
        }
        assertThat(export(directory.resolve(name))).isEqualTo(3);
        assertThat(ExactJson.MAPPER
                        .readTree(directory.resolve(name + ".part.json").toFile())
                        .path("token")
                        .asText())
                .startsWith("-p_");
        server.requests.clear();
        server.faults.clear();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
