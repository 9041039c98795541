package io.tallygate.deploy.streams;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.deploy.testing.BulkUsage;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.StreamCaller;
import io.tallygate.deploy.testing.StreamCaller.Reading;
import io.tallygate.deploy.testing.StreamCaller.Received;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.Tools;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.testing.TcpProxy;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The database goes away in the middle of a stream: for a moment, which nobody notices, or for long, which all see. */
@Timeout(120)
class CutStreamIT {
    // Rows without their instances, which are in memory by then, are a tenth of what is sent: a third of them comes.
    private static final long PART = 1_000_000;

    private static final Vertx VERTX = Vertx.vertx();
    private static TcpProxy proxy;
    private static TestGateway gateway;
    private static TestGateway patient;
    private static BulkUsage usage;
    private static String token;
    private static Received whole;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        TestPostgres postgres = TestPostgres.fresh();
        usage = new BulkUsage(postgres, 1000, 48);
        proxy = new TcpProxy(VERTX, postgres);
        DatabaseConfig through = postgres.config(proxy.port());
        gateway = TestGateway.streaming(postgres, through, new StreamConfig(100, Duration.ofSeconds(1)));
        patient = TestGateway.streaming(postgres, through, StreamConfig.DEFAULT);
        token = TestIdentity.get().token(usage.tenant, Role.USAGE_READ);
        try (StreamCaller caller = caller(gateway, HttpVersion.HTTP_1_1)) {
            whole = caller.get(path());
            assertThat(whole.status()).as(whole.text()).isEqualTo(200);
            assertThat(whole.rows()).isEqualTo(usage.rows());
        }
    }

    @AfterAll
    static void stop() {
        patient.close();
        gateway.close();
        proxy.close();
        await(VERTX.close());
    }

    @AfterEach
    void heal() {
        proxy.heal();
    }

    private static String path() {
        return usage.path("Hourly", "&$format=ndjson");
    }

    private static StreamCaller caller(TestGateway of, HttpVersion version) {
        return StreamCaller.of(of, version, usage.tenant, Role.USAGE_READ);
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aStreamOutlivesAShortAbsence(HttpVersion version) {
        try (StreamCaller caller = caller(patient, version)) {
            proxy.goAwayAfter(PART);
            Reading stream = caller.open(path());
            stream.resume();
            Awaitility.await().until(() -> proxy.refused() > 0);
            assertThat(stream.end().isComplete()).isFalse();
            proxy.heal();
            await(stream.end());
            assertThat(stream.bytes()).isEqualTo(whole.body().length());
            assertThat(stream.sha256()).isEqualTo(whole.digest());
            assertThat(stream.trailer("x-content-sha256")).isEqualTo(whole.digest());
            assertThat(stream.trailer("x-row-count")).isEqualTo(Long.toString(usage.rows()));
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void javasClientSeesTheCut(HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(TestIdentity.get().tls())
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + path()))
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<byte[]> all = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(all.version()).isEqualTo(version);
        assertThat(all.body()).hasSize(whole.body().length());

        proxy.goAwayAfter(PART);
        HttpResponse<java.io.InputStream> part = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(part.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> part.body().readAllBytes()).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({"--http1.1,1.1", "--http2,2"})
    void curlSeesTheCut(String option, String version) throws Exception {
        Tools.requireCurl(option);
        assertThat(curl(option)).isZero();
        assertThat(Files.readString(directory.resolve("version"))).isEqualTo(version);
        assertThat(Files.size(directory.resolve("body"))).isEqualTo(whole.body().length());

        proxy.goAwayAfter(PART);
        assertThat(curl(option)).isNotZero();
        assertThat(Files.size(directory.resolve("body")))
                .isPositive()
                .isLessThan(whole.body().length());
    }

    private int curl(String option) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        "curl",
                        "--silent",
                        "--show-error",
                        option,
                        "--cacert",
                        TestIdentity.get().caFile().toString(),
                        "--header",
                        "Authorization: Bearer " + token,
                        "--output",
                        directory.resolve("body").toString(),
                        "--write-out",
                        "%{http_version}",
                        gateway.url() + path())
                .redirectOutput(directory.resolve("version").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--disable-http2", "--enable-http2"})
    void aBrowserSeesTheCut(String option) throws Exception {
        Path browser = Tools.requireBrowser();
        try (BrowserFetch fetch = new BrowserFetch(VERTX, browser, directory, option)) {
            assertThat(fetch.fetch(gateway.url() + path(), token))
                    .isEqualTo("whole " + whole.body().length());

            proxy.goAwayAfter(PART);
            assertThat(fetch.fetch(gateway.url() + path(), token)).startsWith("cut TypeError");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aDatabaseThatIsAwayFromTheBeginningIsAnErrorAsForPages(HttpVersion version) {
        try (StreamCaller caller = caller(gateway, version)) {
            assertThat(caller.head(path()).status()).isEqualTo(200);
            proxy.goAwayAfter(0);
            HttpCaller pages = HttpCaller.of(gateway, usage.tenant, Role.USAGE_READ);
            Answer page = pages.get(usage.path("Hourly", ""));
            Received stream = caller.get(path(), "Accept-Encoding: gzip");
            assertThat(stream.status()).isEqualTo(page.status()).isEqualTo(503);
            assertThat(stream.headers().get("Content-Disposition")).isNull();
            assertThat(stream.headers().get("Trailer")).isNull();
            assertThat(stream.headers().get("Retry-After")).isEqualTo("5");
        }
    }

    /** A defect was once reported to nobody: the stream hung, and kept its place for ever. */
    @Test
    void aDefectInTheMiddleCutsTheStream() {
        TestPostgres postgres = TestPostgres.fresh();
        BulkUsage broken = new BulkUsage(postgres, 2001, 24);
        postgres.execute("update instance set instance_data = '\"{}\"' where instance_id ="
                + " (select max(instance_id) from instance)");
        try (TestGateway own =
                        TestGateway.streaming(postgres, postgres.config(), new StreamConfig(1, Duration.ofMinutes(1)));
                StreamCaller caller = StreamCaller.of(own, broken.tenant, Role.USAGE_READ)) {
            for (int i = 0; i < 2; i++) {
                Reading stream = caller.open(broken.path("Hourly", "&$format=csv"));
                assertThat(stream.status()).isEqualTo(200);
                stream.resume();
                assertThatThrownBy(() -> await(stream.end())).isNotNull();
            }
        }
    }
}
