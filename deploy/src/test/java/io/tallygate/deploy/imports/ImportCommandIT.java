package io.tallygate.deploy.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.ExactJson;
import io.tallygate.deploy.client.RetryPolicy;
import io.tallygate.deploy.testing.TokenFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ImportCommandIT {
    private static final String OPERATOR = "2f8f7a50-1a5f-4c2e-8a3c-7d6f0f4f7b01";

    @TempDir
    Path directory;

    private FakeGateway gateway;
    private final List<Duration> pauses = new ArrayList<>();
    private String out;
    private String err;

    @BeforeEach
    void start() throws IOException {
        gateway = new FakeGateway();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private int run(Object... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        CommandLine command = new CommandLine(new ImportCommand(
                        Map.of("XDG_STATE_HOME", directory.resolve("state").toString()), pauses::add))
                .setOut(new PrintWriter(outText))
                .setErr(new PrintWriter(errText));
        int exit = command.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return exit;
    }

    private int importFile(Path file, Object... more) {
        return run(Stream.concat(
                        Stream.of(file, "--url", gateway.url(), "--token-file", TokenFiles.of("t0")), Stream.of(more))
                .toArray());
    }

    private Path events(int count) throws IOException {
        return Files.write(
                directory.resolve("events.ndjson"),
                IntStream.rangeClosed(1, count)
                        .mapToObj(i -> "{\"specversion\":\"1.0\",\"source\":\"s\",\"id\":\"" + i
                                + "\",\"subject\":\"u\",\"data\":{\"quantity\":" + i + "}}")
                        .toList());
    }

    private List<Path> checkpoints() throws IOException {
        Path checkpoints = directory.resolve("state/tallygate/import");
        if (!Files.exists(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.toList();
        }
    }

    /** The numbers of the table's row of a file. */
    private List<String> row(Path file) {
        return out.lines()
                .filter(line -> line.startsWith(file + " "))
                .findFirst()
                .map(line ->
                        List.of(line.substring(file.toString().length()).strip().split("\\s+", -1)))
                .orElseThrow();
    }

    @Test
    void everyRecordIsPostedOnce() throws IOException {
        Path file = events(12_000);
        assertThat(importFile(file)).as(err).isZero();
        assertThat(gateway.records).hasSize(12_000);
        assertThat(gateway.requests)
                .containsExactly(
                        "POST /usage/records Bearer t0 5000",
                        "POST /usage/records Bearer t0 5000",
                        "POST /usage/records Bearer t0 2000");
        assertThat(row(file)).containsExactly("12000", "0", "0", "0", "0", "0", "0");
        assertThat(checkpoints()).isEmpty();
    }

    @Test
    void anImportThatIsRepeatedGivesOnlyDuplicates() throws IOException {
        Path file = events(10);
        importFile(file);
        assertThat(importFile(file)).isZero();
        assertThat(row(file)).containsExactly("0", "10", "0", "0", "0", "0", "0");
    }

    @Test
    void aBackfillSaysSo() throws IOException {
        assertThat(importFile(events(1), "--reported-at", "usage-hour")).isZero();
        assertThat(gateway.requests).containsExactly("POST /usage/records?reportedAt=usage-hour Bearer t0 1");
    }

    @Test
    void aGatewayThatDiedMidwayIsResumedWhereItWasDurable() throws IOException {
        Path file = events(12_000);
        gateway.failures.add(FakeGateway.Failure.NONE);
        for (int attempt = 0; attempt < RetryPolicy.DEFAULT.attempts(); attempt++) {
            gateway.failures.add(FakeGateway.Failure.storeAfter(1_234));
        }
        assertThat(importFile(file)).isEqualTo(3);
        assertThat(err).contains("after record 1234 of 5000").contains("the same command goes on from there");
        assertThat(gateway.records).hasSize(6_234);
        assertThat(checkpoints()).hasSize(1);

        gateway.requests.clear();
        assertThat(importFile(file)).as(err).isZero();
        assertThat(err).contains("going on after record 5000");
        assertThat(gateway.requests)
                .containsExactly("POST /usage/records Bearer t0 5000", "POST /usage/records Bearer t0 2000");
        assertThat(gateway.records).hasSize(12_000);
        assertThat(gateway.sum("u")).isEqualByComparingTo(BigDecimal.valueOf(12_000L * 12_001 / 2));
        assertThat(row(file)).containsExactly("10766", "1234", "0", "0", "0", "0", "0");
        assertThat(checkpoints()).isEmpty();
    }

    @Test
    void aRestartForgetsHowFarItCame() throws IOException {
        Path file = events(5_001);
        gateway.failures.add(FakeGateway.Failure.NONE);
        gateway.failures.add(FakeGateway.Failure.status(403, null));
        assertThat(importFile(file)).isEqualTo(3);
        assertThat(importFile(file, "--restart")).isZero();
        assertThat(row(file)).containsExactly("1", "5000", "0", "0", "0", "0", "0");
    }

    @Test
    void aFailureOnTheWayIsTriedAgain() throws IOException {
        gateway.failures.add(FakeGateway.Failure.storeAfter(2));
        gateway.failures.add(FakeGateway.Failure.status(429, "7"));
        gateway.failures.add(FakeGateway.Failure.status(503, null));
        Path file = events(5);
        assertThat(importFile(file)).as(err).isZero();
        assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(7), Duration.ofSeconds(2));
        assertThat(row(file)).containsExactly("3", "2", "0", "0", "0", "0", "0");
    }

    @Test
    void aGatewayThatAnswersBeforeItReadsDoesNotStandStill() throws IOException {
        gateway.failures.add(FakeGateway.Failure.answersFirst(5_000));
        String padding = "x".repeat(1_000);
        Path file = Files.write(
                directory.resolve("long.ndjson"),
                IntStream.range(0, 5_000)
                        .mapToObj(i -> "{\"specversion\":\"1.0\",\"padding\":\"" + padding + "\"}")
                        .toList());
        assertThat(importFile(file)).isEqualTo(1);
        assertThat(row(file)).containsExactly("0", "0", "0", "0", "5000", "0", "0");
    }

    @Test
    void whatIsRefusedIsShownWithItsLine() throws IOException {
        String good = "{\"specversion\":\"1.0\",\"source\":\"s\",\"id\":\"%s\",\"subject\":\"%s\",\"q\":%s}";
        gateway.unknownSubjects.add("stranger");
        Path file = Files.write(
                directory.resolve("mixed.ndjson"),
                List.of(
                        good.formatted("1", "u", "1"),
                        "",
                        good.formatted("1", "u", "2"),
                        "{broken",
                        good.formatted("2", "stranger", "1"),
                        "{\"specversion\":\"1.0\"}"));
        Path errors = directory.resolve("errors.ndjson");
        assertThat(importFile(file, "--errors", errors)).isEqualTo(1);
        assertThat(row(file)).containsExactly("1", "0", "1", "1", "1", "1", "0");
        assertThat(out)
                .contains(file + ":3: Conflict ConflictCode: the reason for 2 [id 1]")
                .contains(file + ":4: Unreadable MalformedJson: ")
                .contains(file + ":5: Quarantined QuarantinedCode: the reason for 3 [id 2]")
                .contains(file + ":6: Rejected RejectedCode: the reason for 4");
        List<JsonNode> written = new ArrayList<>();
        for (String line : Files.readAllLines(errors)) {
            written.add(ExactJson.MAPPER.readTree(line));
        }
        assertThat(written).extracting(line -> line.get("line").asInt()).containsExactlyInAnyOrder(3, 4, 5, 6);
        assertThat(written).allMatch(line -> line.get("file").asText().equals(file.toString()));
    }

    @Test
    void onlyTheFirstTwentyRefusalsAreShownAndTheRestCounted() throws IOException {
        Path file = Files.write(
                directory.resolve("bad.ndjson"),
                IntStream.range(0, 50)
                        .mapToObj(i -> "{\"specversion\":\"1.0\"}")
                        .toList());
        Path errors = directory.resolve("errors.ndjson");
        assertThat(importFile(file, "--errors", errors)).isEqualTo(1);
        assertThat(out.lines().filter(line -> line.contains("Rejected RejectedCode")))
                .hasSize(20);
        assertThat(out).contains("… and 30 more refused");
        assertThat(Files.readAllLines(errors)).hasSize(50);
    }

    /** Refusals of both kinds, before and after the interruption, are all written, and each once. */
    @Test
    void theErrorsFileOfAResumedImportIsComplete() throws IOException {
        List<String> lines = IntStream.rangeClosed(1, 11_000)
                .mapToObj(i -> i % 1_000 == 0
                        ? "{broken"
                        : "{\"specversion\":\"1.0\"" + (i % 999 == 0 ? "" : ",\"source\":\"s\",\"id\":\"" + i + "\"")
                                + "}")
                .toList();
        Path file = Files.write(directory.resolve("mixed.ndjson"), lines);
        Path errors = directory.resolve("errors.ndjson");
        gateway.failures.add(FakeGateway.Failure.NONE);
        gateway.failures.add(FakeGateway.Failure.status(401, null));
        assertThat(importFile(file, "--errors", errors)).isEqualTo(3);
        assertThat(importFile(file, "--errors", errors)).isEqualTo(1);
        List<Integer> written = new ArrayList<>();
        for (String line : Files.readAllLines(errors)) {
            written.add(ExactJson.MAPPER.readTree(line).get("line").asInt());
        }
        assertThat(written)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 11_000)
                        .filter(i -> i % 1_000 == 0 || i % 999 == 0)
                        .boxed()
                        .toList());
        assertThat(row(file)).containsExactly("10978", "0", "0", "0", "11", "11", "0");
    }

    @Test
    void focusCreatesWhatIsMissingAndSumsAreExact() throws IOException, URISyntaxException {
        Path file = Path.of(ImportCommandIT.class.getResource("focus.csv").toURI());
        String subscriptions = "/subscriptions/" + OPERATOR + "/providers/Microsoft.Subscriptions.Admin/subscriptions/";
        String existing = subscriptions + "3f0c1a52-6f5e-4a54-9d7b-0c8d6a2f1e11";
        gateway.directory.put(existing, ExactJson.MAPPER.readTree("{\"displayName\":\"kept\"}"));
        gateway.takenMeters.add("/meters/SKU-B");
        assertThat(importFile(
                        file,
                        "--create-missing",
                        "--registration",
                        "reg-1",
                        "--operator-token-file",
                        TokenFiles.of("op"),
                        "--operator-subscription",
                        OPERATOR))
                .as(err)
                .isZero();
        assertThat(gateway.directory.keySet())
                .containsExactlyInAnyOrder(
                        existing,
                        subscriptions + FocusIds.subscriptionId("sub-0"),
                        subscriptions + FocusIds.subscriptionId("sub-1"),
                        subscriptions + FocusIds.subscriptionId("sub-2"),
                        "/meters/SKU-A",
                        "/meters/RT%2F7%20long");
        assertThat(gateway.directory.get(existing).get("displayName").asText()).isEqualTo("kept");
        assertThat(gateway.directory.get(subscriptions + FocusIds.subscriptionId("sub-1")))
                .isEqualTo(ExactJson.MAPPER.readTree("""
                        {"subscriptionId":"SUBSCRIPTION","displayName":"Tern 1","owner":"Tern Ltd",
                        "tenantId":"TENANT","state":"Enabled","delegatedProviderSubscriptionId":"OPERATOR",
                        "registrationId":"reg-1"}
                        """.replace(
                                "SUBSCRIPTION", FocusIds.subscriptionId("sub-1").toString())
                        .replace("TENANT", FocusIds.tenantId("ba-100").toString())
                        .replace("OPERATOR", OPERATOR)));
        assertThat(gateway.directory.get("/meters/SKU-A"))
                .isEqualTo(ExactJson.MAPPER.readTree(
                        "{\"name\":\"Widgets SKU-A\",\"unit\":\"Units\",\"chargeable\":false}"));
        assertThat(err).contains("meter SKU-B is kept as it is").contains("4 subscriptions (3 new) and 3 meters");
        assertThat(gateway.requests.stream().filter(request -> !request.startsWith("POST")))
                .allMatch(request -> request.endsWith("Bearer op"));
        assertThat(out).contains(":19: Skipped: no ConsumedQuantity (ChargeCategory Credit)");
        assertThat(row(file).get(0)).isEqualTo(Integer.toString(gateway.records.size()));
        assertThat(row(file).get(6)).isEqualTo("1");
    }

    @Test
    void aMeterThatIsThereIsNotMadeChargeableByAnImport() throws IOException, URISyntaxException {
        gateway.meters.put(
                "sku-a", ExactJson.MAPPER.readTree("{\"meterId\":\"sku-a\",\"name\":\"Widgets\",\"unit\":\"Units\"}"));
        gateway.meters.put(
                "SKU-B", ExactJson.MAPPER.readTree("{\"meterId\":\"SKU-B\",\"name\":\"Gears SKU-B\",\"unit\":\"GB\"}"));
        assertThat(importFile(
                        Path.of(ImportCommandIT.class.getResource("focus.csv").toURI()),
                        "--create-missing",
                        "--chargeable",
                        "--operator-token-file",
                        TokenFiles.of("op"),
                        "--operator-subscription",
                        OPERATOR))
                .as(err)
                .isZero();
        assertThat(gateway.directory.keySet().stream().filter(path -> path.startsWith("/meters/")))
                .containsExactly("/meters/RT%2F7%20long");
        assertThat(err)
                .contains("meter SKU-A is kept as it is: Widgets in Units, in the file Widgets SKU-A in Units")
                .contains("meter SKU-B is kept as it is");
    }

    @Test
    void withoutAUrlTheRunningDemoIsTheTarget() throws IOException {
        Path demo = Files.createDirectories(directory.resolve("state/tallygate/demo"));
        Files.writeString(
                demo.resolve("demo.json"), """
                {"baseUrl":"URL","caFile":null,"issuer":"i","reporter":{"token":"r1"},
                "operator":{"token":"o1","subscriptionId":"OPERATOR","tenantId":"t"},
                "registration":{"subscriptionId":"b","resourceGroup":"rg","name":"reg"}}
                """.replace("URL", gateway.url()).replace("OPERATOR", OPERATOR));
        assertThat(run(events(1))).as(err).isZero();
        assertThat(gateway.requests).containsExactly("POST /usage/records Bearer r1 1");
        Path moved = Files.move(demo, directory.resolve("elsewhere"));
        assertThat(run(events(1))).isEqualTo(2);
        assertThat(err).contains("no demo found");
        assertThat(run(events(1), "--data", moved)).isZero();
    }

    @Test
    void aRefusedTokenStopsTheImportAtOnce() throws IOException {
        gateway.failures.add(FakeGateway.Failure.status(401, null));
        assertThat(importFile(events(1))).isEqualTo(3);
        assertThat(err).contains("refused the token: 401 Busy: as told");
        assertThat(pauses).isEmpty();
    }

    @Test
    void severalFilesHaveATotal() throws IOException {
        Path first = events(3);
        Path second = Files.write(
                directory.resolve("again.ndjson"), Files.readAllLines(first).subList(0, 2));
        assertThat(run(first, second, "--url", gateway.url(), "--token-file", TokenFiles.of("t0")))
                .as(err)
                .isZero();
        assertThat(out.lines().filter(line -> line.startsWith("Total")).findFirst())
                .hasValueSatisfying(line -> assertThat(line.split(" +")).startsWith("Total", "3", "2", "0"));
    }

    @Test
    void whatIsWrongWithAFileIsNotHiddenByTheListOfOptions() {
        assertThat(run(directory.resolve("absent"), "--url", gateway.url(), "--token-file", TokenFiles.of("t")))
                .isEqualTo(2);
        assertThat(err.lines())
                .containsExactly(
                        "tallygate import: " + directory.resolve("absent") + " is not a readable file",
                        "Options: tallygate help import");
    }

    @Test
    void nobodyThereStopsTheImportAtOnce() throws IOException {
        Path file = events(1);
        String url = gateway.url();
        gateway.close();
        assertThat(run(file, "--url", url, "--token-file", TokenFiles.of("t0"))).isEqualTo(3);
        assertThat(err).contains("is the gateway running there?");
        assertThat(pauses).isEmpty();
    }

    @Test
    void mistakesOfTheCommandLineAreNamed() throws IOException {
        Path file = events(1);
        Path csv = Files.writeString(directory.resolve("x.csv"), "a,b\n1,2\n");
        Map<String, List<Object>> mistakes = Map.of(
                "Missing required parameter: 'FILE'",
                List.of("--url", gateway.url(), "--token-file", TokenFiles.of("t")),
                "is not a readable file",
                List.of(directory.resolve("absent"), "--url", gateway.url(), "--token-file", TokenFiles.of("t")),
                "is neither CloudEvents",
                List.of(csv, "--url", gateway.url(), "--token-file", TokenFiles.of("t")),
                "expected https://",
                List.of(file, "--url", "http://example.org", "--token-file", TokenFiles.of("t")),
                "--url needs --token-file",
                List.of(file, "--url", gateway.url()),
                "--create-missing is for FOCUS",
                List.of(
                        file,
                        "--url",
                        gateway.url(),
                        "--token-file",
                        TokenFiles.of("t"),
                        "--create-missing",
                        "--operator-token-file",
                        TokenFiles.of("o"),
                        "--operator-subscription",
                        "s"),
                "--create-missing needs --operator-token-file",
                List.of(file, "--url", gateway.url(), "--token-file", TokenFiles.of("t"), "--create-missing"),
                "need --create-missing",
                List.of(file, "--url", gateway.url(), "--token-file", TokenFiles.of("t"), "--chargeable"),
                "--ca: ",
                List.of(
                        file,
                        "--url",
                        gateway.url(),
                        "--token-file",
                        TokenFiles.of("t"),
                        "--ca",
                        directory.resolve("absent.pem")),
                "expected now or usage-hour",
                List.of(file, "--reported-at", "later"));
        String wrong = mistakes.entrySet().stream()
                .filter(mistake -> run(mistake.getValue().toArray()) != 2 || !err.contains(mistake.getKey()))
                .map(mistake -> mistake.getKey() + ": " + err)
                .collect(Collectors.joining("\n"));
        assertThat(wrong).isEmpty();
        assertThat(gateway.requests).isEmpty();
    }
}
