package io.tallygate.deploy.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.BulkUsage;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.StreamCaller;
import io.tallygate.deploy.testing.StreamCaller.Received;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What surrounds the rows of a stream: how one is asked for, its headers and trailers, what is refused. */
class StreamAnswersIT {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String NDJSON = "application/x-ndjson";
    private static final String CSV = "text/csv; charset=utf-8; header=present";

    private static TestGateway gateway;
    private static BulkUsage usage;
    private static StreamCaller caller;

    @BeforeAll
    static void start() {
        TestPostgres postgres = TestPostgres.fresh();
        usage = new BulkUsage(postgres, 50, 48);
        gateway = TestGateway.streaming(postgres, postgres.config(), StreamConfig.DEFAULT);
        caller = StreamCaller.of(gateway, usage.tenant, Role.USAGE_READ);
    }

    @AfterAll
    static void stop() {
        caller.close();
        gateway.close();
    }

    private static String hourly(String more) {
        return usage.path("Hourly", more);
    }

    private static void assertRefused(Received answer, int status, String code, String inMessage) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(Answer.parse(answer.text()).at("/error/code").asText()).isEqualTo(code);
        assertThat(Answer.parse(answer.text()).at("/error/message").asText()).contains(inMessage);
        assertThat(answer.headers().get("Content-Type")).isEqualTo(JSON);
        assertNoStream(answer);
    }

    private static void assertNoStream(Received answer) {
        assertThat(answer.headers().get("Content-Disposition")).isNull();
        assertThat(answer.headers().get("Trailer")).isNull();
        assertThat(answer.trailers()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aStreamEndsWithItsCountAndDigest(HttpVersion version) {
        try (StreamCaller of = StreamCaller.of(gateway, version, usage.tenant, Role.USAGE_READ)) {
            for (String format : new String[] {"ndjson", "csv"}) {
                Received stream = of.get(hourly("&$format=" + format));
                assertThat(stream.version()).isEqualTo(version);
                assertThat(stream.status()).as(stream.text()).isEqualTo(200);
                assertThat(stream.headers().get("Trailer")).isEqualTo("x-row-count, x-content-sha256");
                assertThat(stream.headers().get("Content-Length")).isNull();
                assertThat(stream.headers().get("Content-Encoding")).isNull();
                assertThat(stream.rows()).isEqualTo(usage.rows());
                assertThat(stream.text().lines()).hasSize((int) usage.rows() + (format.equals("csv") ? 1 : 0));
                assertThat(stream.digest()).isEqualTo(StreamCaller.sha256(stream.body()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void theDigestIsThatOfTheBytesBeforeGzip(HttpVersion version) {
        try (StreamCaller of = StreamCaller.of(gateway, version, usage.tenant, Role.USAGE_READ)) {
            Received plain = of.get(hourly("&$format=ndjson"));
            Received zipped = of.get(hourly("&$format=ndjson"), "Accept-Encoding: gzip");
            assertThat(zipped.headers().get("Content-Encoding")).isEqualTo("gzip");
            assertThat(zipped.body().length()).isLessThan(plain.body().length() / 4);
            assertThat(zipped.unzipped()).isEqualTo(plain.body());
            assertThat(zipped.digest()).isEqualTo(plain.digest()).isEqualTo(StreamCaller.sha256(plain.body()));
            assertThat(zipped.rows()).isEqualTo(usage.rows());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | gzip",
                "br, GZIP;q=0.1 | gzip",
                "x-gzip | gzip",
                "* | gzip",
                "gzip;q=0, identity | ",
                "identity | ",
                "br, zstd | ",
                "gzip;q=0 | "
            })
    void gzipIsForThoseWhoTakeIt(String accepted, String coding) {
        for (HttpVersion version : new HttpVersion[] {HttpVersion.HTTP_1_1, HttpVersion.HTTP_2}) {
            try (StreamCaller of = StreamCaller.of(gateway, version, usage.tenant, Role.USAGE_READ)) {
                Received stream = of.get(usage.path("Daily", "&$format=csv"), "Accept-Encoding: " + accepted);
                assertThat(stream.headers().get("Content-Encoding")).isEqualTo(coding);
                assertThat(StreamCaller.sha256(coding == null ? stream.body() : stream.unzipped()))
                        .isEqualTo(stream.digest());
                assertThat(stream.trailers().names()).containsExactlyInAnyOrder("x-row-count", "x-content-sha256");
            }
        }
    }

    @Test
    void headersSayWhatItIsAndHowAFileOfItIsCalled() {
        String name = "attachment; filename=\"usage-" + usage.subscription + "-";
        Received csv = caller.get(hourly("&$format=csv"));
        assertThat(csv.headers().get("Content-Type")).isEqualTo(CSV);
        assertThat(csv.headers().get("Content-Disposition"))
                .isEqualTo(name + "hourly-2026-03-01T00-2026-03-03T00.csv\"");
        Received ndjson = caller.get(usage.path("Daily", "&$format=ndjson"));
        assertThat(ndjson.headers().get("Content-Type")).isEqualTo(NDJSON);
        assertThat(ndjson.headers().get("Content-Disposition"))
                .isEqualTo(name + "daily-2026-03-01-2026-03-03.ndjson\"");
        for (String format : new String[] {"json", "ndjson", "csv"}) {
            for (Received answer :
                    new Received[] {caller.get(hourly("&$format=" + format)), caller.head(hourly("&$format=" + format))
                    }) {
                assertThat(answer.headers().getAll("Vary")).containsExactly("Accept, Accept-Encoding");
                assertThat(answer.headers().get("x-ms-request-id")).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/x-ndjson | ndjson",
                "application/ndjson | ndjson",
                "application/jsonl | ndjson",
                "APPLICATION/X-NDJSON; charset=utf-8 | ndjson",
                "text/csv | csv",
                "text/csv;header=absent | csv",
                "text/csv, application/json | csv",
                "application/json, text/csv | json",
                "text/csv;q=0.5, application/json;q=0.9 | json",
                "text/csv;q=0.9, application/json;q=0.5 | csv",
                "text/html, text/csv;q=0.2, */*;q=0.1 | csv",
                "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8 | json",
                "text/csv;q=0, application/x-ndjson;q=0.1 | ndjson",
                "text/csv;q=0 | json",
                "*/* | json",
                "application/* | json",
                "text/* | json",
                "text/plain | json",
                "csv | json",
                "text/csv;q=high | csv",
                ", ;, text/csv | csv",
                ";;;=== | json",
                "\"text/csv | json",
                "/ | json",
            })
    void acceptChoosesTheFormat(String accept, String format) {
        Received answer = caller.get(hourly(""), "Accept: " + accept);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.headers().get("Content-Type"))
                .isEqualTo(
                        switch (format) {
                            case "ndjson" -> NDJSON;
                            case "csv" -> CSV;
                            default -> JSON;
                        });
    }

    @Test
    void whoeverAsksForNothingGetsPages() {
        Received answer = caller.get(hourly(""));
        assertThat(answer.headers().get("Content-Type")).isEqualTo(JSON);
        assertThat(answer.headers().get("Content-Disposition")).isNull();
        assertThat(JsonRows.ofPage(answer.text())).hasSize(1000);
    }

    @Test
    void theParameterWinsOverTheHeader() {
        assertThat(caller.get(hourly("&$format=csv"), "Accept: application/json")
                        .headers()
                        .get("Content-Type"))
                .isEqualTo(CSV);
        assertThat(caller.get(hourly("&$format=json"), "Accept: text/csv")
                        .headers()
                        .get("Content-Type"))
                .isEqualTo(JSON);
        assertThat(caller.get(hourly("&%24FORMAT=NDJSON"), "Accept: text/csv")
                        .headers()
                        .get("Content-Type"))
                .isEqualTo(NDJSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xml", "text/csv", "csv%20", "parquet"})
    void anotherFormatIsRefused(String format) {
        assertRefused(caller.get(hourly("&$format=" + format)), 400, "InvalidProperty", "`$format`");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "1000001", "9999999", "99999999999999999999", "x", "1.0", "%2B1", "1e3", "%D9%A1"})
    void positionsAreANumberOfRows(String positions) {
        for (String format : new String[] {"ndjson", "csv"}) {
            assertRefused(
                    caller.get(hourly("&$format=" + format + "&$positions=" + positions)),
                    400,
                    "InvalidProperty",
                    "`$positions` must be a number of rows from 1 to 1000000");
        }
    }

    @Test
    void pagesHaveNoPositions() {
        assertRefused(caller.get(hourly("&$positions=5")), 400, "InvalidProperty", "nextLink");
        assertRefused(caller.get(hourly("&$format=json&$positions=5")), 400, "InvalidProperty", "nextLink");
        assertThat(caller.get(hourly("&$format=csv&$positions=1000000")).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ndjson", "csv"})
    void whatIsRefusedIsRefusedAsForPages(String format) {
        String as = "&$format=" + format;
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        Received early = caller.get(usage.path("Hourly", hour.minus(2, ChronoUnit.HOURS), hour, as));
        assertRefused(early, 202, "ProcessingNotCompleted", "not sealed yet");
        assertThat(early.headers().get("Retry-After")).isEqualTo("60");
        assertRefused(
                caller.get(usage.path("Hourly", hour, hour.plus(3, ChronoUnit.HOURS), as)),
                400,
                "RequestEndTimeIsInFuture",
                "`reportedEndTime`");
        assertRefused(
                caller.get(usage.path("Daily", BulkUsage.START.plus(1, ChronoUnit.HOURS), usage.end(), as)),
                400,
                "InvalidProperty",
                "`reportedStartTime` must be");
        assertRefused(caller.get(hourly(as + "&continuationToken=x")), 400, "InvalidProperty", "`continuationToken`");
        try (StreamCaller stranger = StreamCaller.of(gateway, new TenantId(UUID.randomUUID()), Role.USAGE_READ)) {
            assertRefused(stranger.get(hourly(as)), 403, "AuthorizationFailed", "You may not read this");
            assertThat(stranger.head(hourly(as)).status()).isEqualTo(403);
        }
        try (StreamCaller nobody = new StreamCaller(gateway.url(), HttpVersion.HTTP_1_1, "no token")) {
            assertRefused(nobody.get(hourly(as)), 401, "InvalidAuthenticationToken", "");
        }
    }

    @Test
    void anEmptyRangeIsAHeaderOrNothing() {
        Instant before = BulkUsage.START.minus(2, ChronoUnit.DAYS);
        for (String granularity : new String[] {"Hourly", "Daily"}) {
            Received csv = caller.get(usage.path(granularity, before, BulkUsage.START, "&$format=csv"));
            assertThat(csv.text())
                    .isEqualTo(
                            "UsageStartTime,UsageEndTime,MeterName,Quantity,Unit,resourceType,location,resourceGroup,"
                                    + "resourceName,tags,MeterId,additionalInfo,subscription,tenant,resourceUri,name\r\n");
            Received ndjson = caller.get(usage.path(granularity, before, BulkUsage.START, "&$format=ndjson"));
            assertThat(ndjson.text()).isEmpty();
            for (Received empty : new Received[] {csv, ndjson}) {
                assertThat(empty.status()).isEqualTo(200);
                assertThat(empty.rows()).isZero();
                assertThat(empty.digest()).isEqualTo(StreamCaller.sha256(empty.body()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void theCountIsThereBeforehand(HttpVersion version) {
        try (StreamCaller of = StreamCaller.of(gateway, version, usage.tenant, Role.USAGE_READ)) {
            for (String format : new String[] {"", "&$format=ndjson", "&$format=csv"}) {
                Received head = of.head(hourly(format));
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.headers().get("x-row-count")).isEqualTo(Long.toString(usage.rows()));
                assertThat(head.headers().get("Content-Type"))
                        .isEqualTo(of.get(hourly(format)).headers().get("Content-Type"));
                assertThat(head.body().length()).isZero();
            }
            assertThat(of.head(usage.path("Daily", "")).headers().get("x-row-count"))
                    .isEqualTo("100");
        }
    }

    @Test
    void whoSpeaksHttp10GetsPagesButNoStream() throws IOException {
        assertThat(http10("&$format=json", "Connection: close")).startsWith("HTTP/1.0 200");
        for (String connection : new String[] {"Connection: close", "Connection: keep-alive"}) {
            assertThat(http10("&$format=csv", connection))
                    .startsWith("HTTP/1.0 505")
                    .contains("\"HttpVersionNotSupported\"")
                    .doesNotContainIgnoringCase("Content-Disposition")
                    .doesNotContainIgnoringCase("Trailer");
        }
    }

    private static String http10(String more, String connection) throws IOException {
        String token = TestIdentity.get().token(usage.tenant, Role.USAGE_READ);
        try (Socket socket = TestIdentity.get()
                .tls()
                .getSocketFactory()
                .createSocket("localhost", gateway.url().getPort())) {
            String request = "GET " + hourly(more) + " HTTP/1.0\r\nHost: localhost\r\n" + connection
                    + "\r\nAuthorization: Bearer " + token + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            byte[] answer = connection.endsWith("close")
                    ? socket.getInputStream().readAllBytes()
                    : socket.getInputStream().readNBytes(1);
            return connection.endsWith("close") ? new String(answer, StandardCharsets.UTF_8) : rest(socket, answer);
        }
    }

    // Kept open: to the end of the error's JSON.
    private static String rest(Socket socket, byte[] first) throws IOException {
        StringBuilder answer = new StringBuilder(new String(first, StandardCharsets.UTF_8));
        while (answer.indexOf("}}") < 0) {
            answer.append((char) socket.getInputStream().read());
        }
        return answer.toString();
    }
}
