package io.tallygate.routing.commerce;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.routing.commerce.SubmissionResult.EventResult;
import io.tallygate.routing.outbound.AnswerJson;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileAdapterIT {
    private static final SubscriptionId PAYER =
            new SubscriptionId(UUID.fromString("f0e1d2c3-0000-4000-8000-000000000001"));
    private static final Instant DAY = Instant.parse("2026-11-20T00:00:00Z");

    @TempDir
    Path directory;

    private Vertx vertx;
    private FileAdapter adapter;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        adapter = adapter(directory);
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private FileAdapter adapter(Path into) {
        return new FileAdapter(
                vertx,
                new EndpointConfig(
                        "files",
                        AdapterType.named("file").orElseThrow(),
                        Map.of("directory", into.toString()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        0,
                        Duration.ofSeconds(20),
                        new EndpointConfig.Breaker(5, Duration.ofSeconds(30))));
    }

    private Submission submission(String... quantities) {
        List<EventContent.Row> rows = IntStream.range(0, quantities.length)
                .mapToObj(i -> Contents.row(i, "CPU, \"big\"", DAY, new BigDecimal(quantities[i])))
                .toList();
        EventContent content = Contents.event(PAYER, DAY, rows);
        return submission(content.key(), adapter.body(content), content.quantity());
    }

    private static Submission submission(UUID key, Buffer body, BigDecimal quantity) {
        return new Submission(UUID.randomUUID(), PAYER, List.of(new Submission.Event(key, null, DAY, quantity, body)));
    }

    private static UUID key(Submission submission) {
        return submission.events().get(0).key();
    }

    private Path file(Submission submission, String type) {
        return directory.resolve("payer=" + PAYER).resolve("2026-11-20-" + key(submission) + "." + type);
    }

    private EventResult submit(Submission submission) {
        return await(adapter.submit(submission)).events().get(0);
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void writesBothFilesAndTheirManifest() throws Exception {
        Submission submission = submission("1.50", "-0.25");
        assertThat(submit(submission).outcome()).isEqualTo(Outcome.Accepted);
        Path ndjson = file(submission, "ndjson");
        assertThat(Buffer.buffer(Files.readAllBytes(ndjson)))
                .isEqualTo(submission.events().get(0).body());
        assertThat(Files.readString(ndjson))
                .startsWith("{\"key\":\"" + key(submission) + "\",\"payer\":\"" + PAYER + "\",\"subscription\":")
                .contains(",\"quantity\":1.5,\"recordCount\":3}\n", ",\"quantity\":-0.25,");
        assertThat(Files.readString(file(submission, "csv")))
                .startsWith("key,payer,subscription,tenant,reportedTime,seq,kind,fallback,meterId,meterName,unit,"
                        + "dimension,resourceUri,location,tags,additionalInfo,usageTime,quantity,recordCount\r\n")
                .contains("original,false,meter-1,\"CPU, \"\"big\"\"\",Hours,vm-size-hours,/subscriptions/x/vm-ä,local,"
                        + "\"{\"\"team\"\":\"\"a,b\"\"}\",,2026-11-20T00:00:00Z,1.5,3\r\n");
        JsonNode manifest = AnswerJson.read(Buffer.buffer(Files.readAllBytes(file(submission, "manifest.json"))))
                .orElseThrow();
        assertThat(manifest.path("rows").intValue()).isEqualTo(2);
        assertThat(manifest.path("quantity").decimalValue()).isEqualByComparingTo("1.25");
        assertThat(manifest.path("recordCount").intValue()).isEqualTo(6);
        assertThat(manifest.path("sums").toString())
                .isEqualTo("[{\"dimension\":\"vm-size-hours\",\"unit\":\"Hours\",\"rows\":2,\"quantity\":1.25,"
                        + "\"recordCount\":6}]");
        assertThat(manifest.at("/files/ndjson/sha256").asText()).isEqualTo(sha256(ndjson));
        assertThat(manifest.at("/files/csv/sha256").asText()).isEqualTo(sha256(file(submission, "csv")));
        assertThat(ndjson.toFile().canRead()).isTrue();
        assertThat(Files.getPosixFilePermissions(ndjson).toString()).doesNotContain("WRITE");
        assertThat(names()).hasSize(3).noneMatch(name -> name.endsWith(".tmp"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("payer=" + PAYER))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void theSameAgainIsADuplicate() {
        Submission submission = submission("1");
        submit(submission);
        assertThat(submit(submission).outcome()).isEqualTo(Outcome.Duplicate);
    }

    @Test
    void otherContentUnderTheSameKeyIsAConflictAndChangesNothing() throws Exception {
        Submission submission = submission("1");
        submit(submission);
        String before = sha256(file(submission, "ndjson"));
        Submission other = submission("2");
        Submission forged = submission(
                key(submission),
                other.events().get(0).body(),
                other.events().get(0).quantity());
        assertThat(submit(forged).outcome()).isEqualTo(Outcome.Conflict);
        assertThat(sha256(file(submission, "ndjson"))).isEqualTo(before);
    }

    @Test
    void whatACrashLeftIsOverwritten() throws Exception {
        Submission submission = submission("1");
        Files.createDirectories(file(submission, "ndjson").getParent());
        Files.writeString(file(submission, "ndjson"), "half of a li");
        assertThat(file(submission, "ndjson").toFile().setReadOnly()).isTrue();
        Files.writeString(file(submission, "csv"), "");
        Path temporary = file(submission, "csv").resolveSibling(".2026-11-20-" + key(submission) + ".csv.old.tmp");
        Files.writeString(temporary, "key,pay");
        assertThat(submit(submission).outcome()).isEqualTo(Outcome.Accepted);
        assertThat(Buffer.buffer(Files.readAllBytes(file(submission, "ndjson"))))
                .isEqualTo(submission.events().get(0).body());
        assertThat(temporary).doesNotExist();
    }

    @Test
    void aBrokenManifestIsAConflict() throws Exception {
        Submission submission = submission("1");
        Files.createDirectories(file(submission, "ndjson").getParent());
        Files.writeString(file(submission, "manifest.json"), "{");
        assertThat(submit(submission).outcome()).isEqualTo(Outcome.Conflict);
    }

    @Test
    void aDirectoryThatIsGoneIsNotMade() {
        adapter = adapter(directory.resolve("missing"));
        EventResult result = submit(submission("1"));
        assertThat(result.outcome()).isEqualTo(Outcome.Refused);
        assertThat(result.detail()).contains("missing");
        assertThat(directory.resolve("missing")).doesNotExist();
    }

    @Test
    void whatCannotBeWrittenIsRefusedWithItsReason() throws Exception {
        Submission submission = submission("1");
        Files.writeString(directory.resolve("payer=" + PAYER), "a file where the payer's directory should be");
        EventResult result = submit(submission);
        assertThat(result.outcome()).isEqualTo(Outcome.Refused);
        assertThat(result.detail()).contains("cannot be written", "payer=" + PAYER);
    }

    @Test
    void bytesThatAreNoRowsAreRefused() {
        assertThat(submit(submission(UUID.randomUUID(), Buffer.buffer("{]\n"), BigDecimal.ONE))
                        .outcome())
                .isEqualTo(Outcome.BadArgument);
    }

    @Test
    void aRelativeDirectoryIsAMistake() {
        assertThatThrownBy(() -> adapter(Path.of("out"))).hasMessageContaining("absolute");
    }
}
