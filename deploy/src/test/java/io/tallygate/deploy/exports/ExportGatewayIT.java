package io.tallygate.deploy.exports;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestEvent;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.deploy.testing.TokenFiles;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TcpProxy;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Against a real gateway, over TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportGatewayIT {
    private static final int ROWS = 5_003;

    @TempDir
    Path directory;

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    private final Instant yesterday = today.minus(1, ChronoUnit.DAYS);
    private final Vertx vertx = Vertx.vertx();
    private TestGateway gateway;
    private TcpProxy proxy;
    private SubscriptionId subscription;
    private final ByteArrayOutputStream standardOutput = new ByteArrayOutputStream();
    private String err;

    @BeforeAll
    void loadUsage() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        proxy = new TcpProxy(vertx, gateway.url().getPort());
        TestWorld world = new TestWorld(gateway);
        world.registration(UUID.randomUUID(), "north");
        subscription = world.subscription(tenant);
        String lines = IntStream.range(0, ROWS)
                .mapToObj(i -> TestEvent.of(Integer.toString(i), subscription, yesterday.plus(i % 24, ChronoUnit.HOURS))
                        .raw("data.quantity", i + ".000000000000001")
                        .raw("data.tags", "{\"note\":\"=1+1, \\\"" + i + "\\\"\"}")
                        .line())
                .collect(Collectors.joining());
        JsonNode totals = world.post(lines, true);
        assertThat(totals.path("Accepted").asInt()).as(totals.toString()).isEqualTo(ROWS);
        gateway.startBackgroundWork();
        world.sealThrough(today);
    }

    @AfterAll
    void stop() {
        proxy.close();
        gateway.close();
        await(vertx.close());
    }

    private int export(URI url, String token, String... arguments) {
        StringWriter errText = new StringWriter();
        CommandLine command = new CommandLine(
                        new ExportCommand(Map.of(), pause -> {}, standardOutput, Duration.ofSeconds(20)))
                .setErr(new PrintWriter(errText))
                .setOut(new PrintWriter(errText));
        int exit = command.execute(Stream.concat(
                        Stream.of(
                                "--url",
                                url.toString(),
                                "--ca",
                                String.valueOf(TestIdentity.get().caFile()),
                                "--token-file",
                                TokenFiles.of(token),
                                "--from",
                                yesterday.toString(),
                                "--to",
                                today.toString()),
                        Stream.of(arguments))
                .toArray(String[]::new));
        err = errText.toString();
        return exit;
    }

    private String token() {
        return TestIdentity.get().token(tenant, Role.USAGE_READ);
    }

    private String route() {
        return "/subscriptions/" + subscription + "/providers/Microsoft.Commerce/UsageAggregates"
                + "?api-version=2015-06-01-preview&aggregationGranularity=hourly&reportedStartTime=" + yesterday
                + "&reportedEndTime=" + today;
    }

    @Test
    void rowsHaveTheBytesOfPages() throws IOException {
        Path file = directory.resolve("usage.ndjson");
        assertThat(export(
                        gateway.url(),
                        token(),
                        "--subscription",
                        subscription.toString(),
                        "--granularity",
                        "hourly",
                        "-o",
                        file.toString()))
                .as(err)
                .isZero();

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(ROWS);
        HttpCaller caller = HttpCaller.of(gateway, tenant, Role.USAGE_READ);
        int row = 0;
        for (String next = route(); next != null; ) {
            HttpCaller.Answer page = caller.get(next);
            int count = page.json().path("value").size();
            assertThat(page.body())
                    .startsWith("{\"value\":[" + String.join(",", lines.subList(row, row + count)) + "]");
            row += count;
            JsonNode link = page.json().path("nextLink");
            next = link.isMissingNode() ? null : link.asText();
        }
        assertThat(row).isEqualTo(ROWS);
    }

    @ParameterizedTest
    @CsvSource({"ndjson, --no-gzip, 3500000", "csv, --no-gzip, 1700000", "csv, --gzip, 100000"})
    void aCutConnectionCostsNothing(String format, String gzip, long bytes) {
        URI url = URI.create("https://localhost:" + proxy.port());
        standardOutput.reset();
        proxy.cutAfter(bytes);

        assertThat(export(
                        url,
                        token(),
                        "--subscription",
                        subscription.toString(),
                        "--granularity",
                        "hourly",
                        gzip,
                        "--format",
                        format,
                        "-o",
                        "-"))
                .as(err)
                .isZero();

        assertThat(err).contains("broke off").contains("5,003 rows");
        assertThat(standardOutput.toString(StandardCharsets.UTF_8))
                .isEqualTo(HttpCaller.of(gateway, tenant, Role.USAGE_READ)
                        .get(route() + "&$format=" + format)
                        .body());
    }

    @Test
    void theOperatorExportsEveryoneAsParquet() {
        Path file = directory.resolve("usage.parquet");
        String token = TestIdentity.get().token(TestIdentity.OPERATOR, Role.USAGE_READ_ALL);

        assertThat(export(
                        gateway.url(),
                        token,
                        "--everyone",
                        "--operator-subscription",
                        TestGateway.OPERATOR_SUBSCRIPTION.toString(),
                        "-o",
                        file.toString()))
                .as(err)
                .isZero();
        assertThat(err).contains("5,003 rows");
        assertThat(file).isNotEmptyFile();
    }

    @Test
    void aStrangerIsRefused() {
        String token = TestIdentity.get().token(new TenantId(UUID.randomUUID()), Role.USAGE_READ);

        assertThat(export(
                        gateway.url(),
                        token,
                        "--subscription",
                        subscription.toString(),
                        "-o",
                        directory.resolve("usage.csv").toString()))
                .isEqualTo(1);
        assertThat(err).contains("AuthorizationFailed");
        assertThat(directory).isEmptyDirectory();
    }
}
