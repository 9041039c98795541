package io.tallygate.deploy.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallygate.deploy.testing.RawCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.gateway.export.StreamConfig;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.store.testing.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in is bounded in time, number and form, and what goes out says what a browser must not do. */
@Timeout(60)
class HttpBoundsIT {
    private static final String PORTAL = "https://portal.example.com";
    private static final String ENDPOINTS = "/metadata/endpoints";
    private static final String CLOSE =
            "GET " + ENDPOINTS + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static TestPostgres postgres;
    private static TestGateway gateway;
    private static TestGateway patient;
    private static RawCaller anonymous;
    private static RawCaller reporter;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.fresh();
        gateway = TestGateway.bounded(
                postgres,
                new StreamConfig(10, Duration.ofSeconds(1)),
                new ConnectionConfig(Duration.ofSeconds(1), Duration.ofSeconds(1), 1000, 1000, List.of(PORTAL)),
                TestGateway.WIDE);
        patient = TestGateway.bounded(postgres, ConnectionConfig.DEFAULT, TestGateway.WIDE);
        anonymous = new RawCaller(gateway, null);
        reporter = new RawCaller(gateway, reportersToken());
    }

    @AfterAll
    static void stop() {
        patient.close();
        gateway.close();
    }

    private static String reportersToken() {
        return TestIdentity.get().token(TestIdentity.OPERATOR, Role.USAGE_REPORT);
    }

    private static String managersToken() {
        return TestIdentity.get().token(TestIdentity.OPERATOR, Role.REGISTRATION_READ_WRITE);
    }

    /** All at the same time, for it takes some seconds. */
    @Test
    void whatIsSlowIsCutOff() throws Exception {
        String post = "POST /usage/records HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\nContent-Type: ";
        String bearer = "\r\nAuthorization: Bearer " + reportersToken() + "\r\n\r\n";
        ExecutorService senders = Executors.newCachedThreadPool();
        try {
            Future<String> silent = senders.submit(outcome(""));
            Future<String> slowHead =
                    senders.submit(outcome("GET " + ENDPOINTS + " HTTP/1.1\r\nHost: localhost\r\nX: "));
            Future<String> silentHttp2 = senders.submit(() -> {
                try (RawConnection connection = RawConnection.http2(gateway)) {
                    connection.write(Http2Frames.begin().bytes());
                    return connection.readUntilClosed().received();
                }
            });
            Future<String> used = senders.submit(
                    outcome("GET " + ENDPOINTS + " HTTP/1.1\r\nHost: localhost\r\n\r\nGET " + ENDPOINTS + " HT"));
            Future<String> slowBody = senders.submit(outcome(post + "application/cloudevents+json" + bearer + "{"));
            Future<String> refusedBody = senders.submit(outcome(post + "application/x-ndjson\r\n\r\n{"));
            Future<String> idleStream = senders.submit(() -> {
                try (RawConnection connection = RawConnection.http1(gateway)) {
                    connection.write(post + "application/x-ndjson" + bearer + "{");
                    return connection.readUntilClosed().received();
                }
            });

            assertThat(silent.get()).isEmpty();
            assertThat(slowHead.get()).isEmpty();
            assertThat(silentHttp2.get()).doesNotContain("HTTP/1.1");
            assertThat(used.get()).startsWith("HTTP/1.1 200 ");
            assertThat(slowBody.get())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("\"RequestTimeout\"", "did not arrive in time");
            assertThat(refusedBody.get()).startsWith("HTTP/1.1 401 ");
            assertThat(idleStream.get()).startsWith("HTTP/1.1 408 ").contains("\"RequestTimeout\"", "Nothing came");
        } finally {
            senders.shutdownNow();
        }
    }

    /** What comes before the gateway hangs up on one that sends this and then a byte now and then. */
    private static Callable<String> outcome(String request) {
        return () -> {
            try (RawConnection connection = RawConnection.http1(gateway)) {
                connection.write(request);
                return request.isEmpty()
                        ? connection.readUntilClosed().received()
                        : connection.dripUntilClosed((byte) 'x').received();
            }
        };
    }

    /** Over HTTP/2 only the stream ends: others on the connection go on. */
    @Test
    void aSlowBodyOverHttp2EndsItsStreamAlone() throws Exception {
        try (RawConnection connection = RawConnection.http2(gateway)) {
            connection.write(Http2Frames.begin()
                    .add(
                            Http2Frames.HEADERS,
                            Http2Frames.END_HEADERS,
                            1,
                            Http2Frames.post("/windows/seal", managersToken()))
                    .bytes());
            connection.readUntil("RequestTimeout");
            connection.write(Http2Frames.more()
                    .add(
                            Http2Frames.HEADERS,
                            Http2Frames.END_HEADERS | Http2Frames.END_STREAM,
                            3,
                            Http2Frames.request(false))
                    .bytes());
            connection.readUntil("audiences");
        }
    }

    /** It would lie in memory, and nobody needs it. */
    @Test
    void theBodyOfAGetIsNotWaitedFor() {
        String bearer = "Authorization: Bearer " + managersToken() + "\r\n";
        for (String get : List.of("GET " + ENDPOINTS + " HTTP/1.1\r\n", "GET /windows HTTP/1.1\r\n" + bearer)) {
            try (RawConnection connection = RawConnection.http1(patient)) {
                connection.write(get + "Host: localhost\r\nContent-Length: 60000\r\n\r\n{");
                connection.readUntil("HTTP/1.1 200 ");
                connection.write(" ".repeat(59_999) + CLOSE);

                assertThat(connection.readUntilClosed().received().split("HTTP/1.1 200 ", -1))
                        .hasSize(3);
            }
        }
    }

    @Test
    void aGetWithALargeBodyIsRefusedOrCut() {
        assertThat(anonymous.send("GET", ENDPOINTS, "Content-Length: 1000000").status())
                .isEqualTo(413);
        try (RawConnection connection = RawConnection.http1(patient)) {
            connection.write("GET " + ENDPOINTS + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
            for (int i = 0; i < 1000 && connection.write(chunk); i++) {
                assertThat(i).isLessThan(999);
            }
        }
    }

    @Test
    void fieldsOfAChangeAreSmall() {
        RawCaller.Answer answer =
                new RawCaller(gateway, managersToken()).post("/windows/seal", "application/json", new byte[70_000]);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).contains("at most 65536 bytes");
    }

    /** Each is small enough, and together they are not. */
    @Test
    void bodiesHaveOneBudget() {
        byte[] event = (" ".repeat(50_000) + "{}").getBytes(StandardCharsets.US_ASCII);
        try (TestGateway small = TestGateway.bounded(
                postgres,
                new ConnectionConfig(Duration.ofSeconds(30), Duration.ofSeconds(30), 100, 100, List.of(), 100_000),
                TestGateway.WIDE)) {
            RawCaller other = new RawCaller(small, reportersToken());
            try (RawConnection stalled = RawConnection.http1(small)) {
                stalled.write("POST /usage/records HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + reportersToken() + "\r\nContent-Type: application/cloudevents+json\r\n"
                        + "Content-Length: 90000\r\n\r\n" + " ".repeat(80_000));
                Awaitility.await().untilAsserted(() -> {
                    RawCaller.Answer refused = other.post("/usage/records", "application/cloudevents+json", event);
                    assertThat(refused.status()).isEqualTo(429);
                    assertThat(refused.body()).contains("holds as many bodies");
                });
            }
            for (int i = 0; i < 5; i++) {
                Awaitility.await()
                        .untilAsserted(
                                () -> assertThat(other.post("/usage/records", "application/cloudevents+json", event)
                                                .status())
                                        .isEqualTo(200));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "identity, gzip", "GZIP", "nonsense"})
    void compressedBodiesAreRefused(String coding) {
        RawCaller.Answer answer = reporter.send("POST", "/usage/records", "Content-Encoding: " + coding);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.body()).contains("\"UnsupportedMediaType\"", "Content-Encoding");
        assertThat(answer.header("Accept-Encoding")).contains("identity");
    }

    @Test
    void aBodyAsItIsMaySaySo() {
        assertThat(anonymous
                        .send("GET", ENDPOINTS, "Content-Encoding: identity")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void everyAnswerHasTheSecurityHeaders() {
        List<RawCaller.Answer> answers = List.of(
                anonymous.send("GET", ENDPOINTS),
                anonymous.send("GET", "/tenants"),
                anonymous.send("GET", "/nowhere"),
                anonymous.send("PUT", ENDPOINTS),
                reporter.send("GET", "/quarantine"),
                reporter.send("POST", "/usage/records"),
                anonymous.send("GET", "/" + "x".repeat(20_000)),
                anonymous.send("GET", ENDPOINTS, "X: " + "x".repeat(40_000)),
                anonymous.exchange("nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

        assertThat(answers)
                .extracting(RawCaller.Answer::status)
                .containsExactly(200, 401, 404, 405, 403, 415, 414, 431, 400);
        for (RawCaller.Answer answer : answers) {
            assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.header("Cache-Control")).contains("no-store");
            assertThat(answer.header("Referrer-Policy")).contains("no-referrer");
            assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'; frame-ancestors 'none'");
            assertThat(answer.header("Strict-Transport-Security")).contains("max-age=31536000");
            assertThat(answer.header("Server")).isEmpty();
            assertThat(answer.header("X-Powered-By")).isEmpty();
            assertThat(answer.headers())
                    .noneMatch(line -> line.toLowerCase(Locale.ROOT).matches(".*(vert\\.?x|netty|tallygate/|java/).*"));
        }
    }

    @Test
    void soHasHealthButNotTheOneForTls() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(gateway.managementUrl() + "/health/live"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
    }

    @Test
    void anOriginThatIsAllowedMayCallAndItsPreflightReachesNoRoute() {
        RawCaller.Answer preflight = anonymous.send(
                "OPTIONS",
                "/usage/records",
                "Origin: " + PORTAL,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).contains(PORTAL);
        assertThat(preflight.header("Access-Control-Allow-Headers").orElseThrow())
                .contains("authorization");
        assertThat(preflight.header("Access-Control-Allow-Credentials")).isEmpty();

        RawCaller.Answer answer = anonymous.send("GET", ENDPOINTS, "Origin: " + PORTAL);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Access-Control-Allow-Origin")).contains(PORTAL);

        RawCaller.Answer refused = anonymous.send("GET", "/tenants", "Origin: " + PORTAL);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("Access-Control-Allow-Origin")).contains(PORTAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com",
                "http://portal.example.com",
                "https://portal.example.com:8443",
                "https://portal.example.com.evil.com",
                "https://PORTAL.example.com",
                "https://portal.example.com/",
                "null",
                "*"
            })
    void anotherOriginLearnsNothing(String origin) {
        RawCaller.Answer preflight =
                anonymous.send("OPTIONS", ENDPOINTS, "Origin: " + origin, "Access-Control-Request-Method: GET");
        assertThat(preflight.status()).isEqualTo(405);
        RawCaller.Answer answer = anonymous.send("GET", ENDPOINTS, "Origin: " + origin);
        assertThat(answer.status()).isEqualTo(200);

        assertThat(preflight.headers()).noneMatch(HttpBoundsIT::isCors);
        assertThat(answer.headers()).noneMatch(HttpBoundsIT::isCors);
    }

    private static boolean isCors(String line) {
        return line.toLowerCase(Locale.ROOT).startsWith("access-control-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void tlsOfTodayIsTaken(String protocol) throws IOException {
        try (SSLSocket socket = socket()) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();

            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(socket.getSession().getCipherSuite()).containsPattern("GCM|CHACHA20");
        }
    }

    /** RFC 8446, section 6: alert 70 is {@code protocol_version}. */
    @ParameterizedTest
    @ValueSource(ints = {0x0300, 0x0301, 0x0302})
    void olderTlsIsRefused(int version) throws IOException {
        assertThat(alertTo(version, 0xc013, 0xc014, 0x002f, 0x0035)).isEqualTo(70);
    }

    /** Alert 40 is {@code handshake_failure}: without forward secrecy, or CBC. */
    @Test
    void oldCiphersAreRefused() throws IOException {
        assertThat(alertTo(0x0303, 0xc013, 0xc014, 0x002f, 0x0035, 0x009c, 0x000a))
                .isEqualTo(40);
        assertThatThrownBy(() -> {
                    try (SSLSocket socket = socket()) {
                        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                        socket.setEnabledCipherSuites(new String[] {
                            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"
                        });
                        socket.startHandshake();
                    }
                })
                .isInstanceOf(SSLHandshakeException.class);
    }

    private static SSLSocket socket() throws IOException {
        return (SSLSocket) TestIdentity.get()
                .tls()
                .getSocketFactory()
                .createSocket("localhost", gateway.url().getPort());
    }

    // A ClientHello written by hand: Java itself would not send it.
    private static int alertTo(int version, int... ciphers) throws IOException {
        ByteBuffer hello = ByteBuffer.allocate(512);
        hello.put((byte) 1).put((byte) 0).putShort((short) (2 + 32 + 1 + 2 + 2 * ciphers.length + 2));
        hello.putShort((short) version).put(new byte[32]).put((byte) 0);
        hello.putShort((short) (2 * ciphers.length));
        IntStream.of(ciphers).forEach(cipher -> hello.putShort((short) cipher));
        hello.put((byte) 1).put((byte) 0);
        try (Socket socket = new Socket("localhost", gateway.url().getPort())) {
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(5 + hello.position())
                            .put((byte) 22)
                            .putShort((short) 0x0301)
                            .putShort((short) hello.position())
                            .put(hello.flip())
                            .array());
            InputStream in = socket.getInputStream();
            byte[] record = in.readNBytes(7);
            assertThat(record[0]).as("an alert").isEqualTo((byte) 21);
            return record[6];
        }
    }

    /** Floods of HTTP/2, each of which once stopped servers. */
    enum Flood {
        RESETS {
            @Override
            Http2Frames frames() {
                Http2Frames frames = Http2Frames.begin();
                for (int stream = 1; stream < 2_000; stream += 2) {
                    frames.add(Http2Frames.HEADERS, Http2Frames.END_HEADERS, stream, Http2Frames.request(true))
                            .add(Http2Frames.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
                }
                return frames;
            }
        },
        CONTINUATIONS {
            @Override
            Http2Frames frames() {
                Http2Frames frames = Http2Frames.begin()
                        .add(Http2Frames.HEADERS, Http2Frames.END_STREAM, 1, Http2Frames.request(false));
                for (int i = 0; i < 10_000; i++) {
                    frames.add(Http2Frames.CONTINUATION, 0, 1);
                }
                return frames;
            }
        },
        ENDLESS_HEAD {
            @Override
            Http2Frames frames() {
                Http2Frames frames = Http2Frames.begin()
                        .add(Http2Frames.HEADERS, Http2Frames.END_STREAM, 1, Http2Frames.request(false));
                // Headers of one small name and value, over and over.
                byte[] header = new byte[16_000];
                for (int i = 0; i < header.length; i += 5) {
                    System.arraycopy(new byte[] {0, 1, 'x', 1, 'y'}, 0, header, i, 5);
                }
                for (int i = 0; i < 200; i++) {
                    frames.add(Http2Frames.CONTINUATION, 0, 1, header);
                }
                return frames;
            }
        },
        EMPTY_DATA {
            @Override
            Http2Frames frames() {
                Http2Frames frames = Http2Frames.begin()
                        .add(Http2Frames.HEADERS, Http2Frames.END_HEADERS, 1, Http2Frames.request(true));
                for (int i = 0; i < 10_000; i++) {
                    frames.add(Http2Frames.DATA, 0, 1);
                }
                return frames;
            }
        };

        abstract Http2Frames frames();
    }

    /** In less time than a connection may be idle: it is the flood that is noticed. */
    @ParameterizedTest
    @EnumSource(Flood.class)
    @Timeout(25)
    void whoFloodsByHttp2IsSentAway(Flood flood) {
        try (RawConnection connection = RawConnection.http2(patient)) {
            connection.write(flood.frames().bytes());
            byte[] received = connection.readUntilClosed().bytes();

            // What was written after it hung up may have reset the connection before the reason was read.
            assertThat(Http2Frames.goneAway(received))
                    .isSubsetOf(Http2Frames.ENHANCE_YOUR_CALM, 1)
                    .hasSizeLessThanOrEqualTo(2);
        }
        assertThat(new RawCaller(patient, null).send("GET", ENDPOINTS).status()).isEqualTo(200);
    }

    /** Each is answered: who does not read the answers is sent away, and nobody else notices. */
    @ParameterizedTest
    @ValueSource(ints = {Http2Frames.PING, Http2Frames.SETTINGS})
    void pingsAndSettingsKeepNobodyElseWaiting(int type) {
        Http2Frames frames = Http2Frames.begin();
        byte[] payload = new byte[type == Http2Frames.PING ? 8 : 0];
        for (int i = 0; i < 50_000; i++) {
            frames.add(type, 0, 0, payload);
        }
        try (RawConnection connection = RawConnection.http2(patient)) {
            connection.write(frames.bytes());

            assertThat(new RawCaller(patient, null).send("GET", ENDPOINTS).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void oneConnectionTooManyIsClosed() {
        try (TestGateway small = TestGateway.bounded(
                postgres,
                new ConnectionConfig(Duration.ofSeconds(30), Duration.ofSeconds(30), 100, 3, List.of()),
                TestGateway.WIDE)) {
            List<RawConnection> open = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                RawConnection connection = RawConnection.http1(small);
                connection.write("GET " + ENDPOINTS + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                open.add(connection.readUntil("HTTP/1.1 200"));
            }
            try (RawConnection tooMany = RawConnection.http1(small)) {
                tooMany.write(CLOSE);
                assertThat(tooMany.readUntilClosed().received()).isEmpty();
            }

            open.get(0).write(CLOSE);
            open.get(0).readUntilClosed();
            Awaitility.await()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(new RawCaller(small, null)
                                    .send("GET", ENDPOINTS)
                                    .status())
                            .isEqualTo(200));
            open.forEach(RawConnection::close);
        }
    }
}
