package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.CapturedLog;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.testing.TestPostgres;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Requests that two servers in a row could read in two ways (RFC 9112, section 11), byte by byte over TLS. Each brings a
 * second request along, hidden where another reader would find it: that one must never be answered.
 */
@Timeout(120)
class RawHttpIT {
    private static final Pattern STATUS = Pattern.compile("[A-Z]+/\\d\\.\\d+ (\\d{3}) [A-Z][a-z]");
    private static final int HANGS_MILLIS = 20_000;

    private static TestGateway gateway;
    private static String token;
    private static CapturedLog log;

    @BeforeAll
    static void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        token = TestIdentity.get().token(TestIdentity.OPERATOR, Role.values());
        log = new CapturedLog();
    }

    @AfterAll
    static void stop() {
        log.close();
        gateway.close();
        log.assertCalm();
    }

    /** What is sent, and the statuses that may come back; "cut" for none at all. */
    private record Attack(String name, String request, String answer) {}

    @TestFactory
    Stream<DynamicTest> nothingHiddenInABodyIsRun() {
        return Stream.of(lengths(), codings(), chunks())
                .flatMap(List::stream)
                .map(attack -> DynamicTest.dynamicTest(attack.name(), () -> assertOneAnswer(attack)));
    }

    @TestFactory
    Stream<DynamicTest> nothingHiddenInAHeadIsRun() {
        return Stream.of(lines(), requestLines())
                .flatMap(List::stream)
                .map(attack -> DynamicTest.dynamicTest(attack.name(), () -> assertOneAnswer(attack)));
    }

    @TestFactory
    Stream<DynamicTest> oneRequestHasOneHost() {
        return hosts().stream().map(attack -> DynamicTest.dynamicTest(attack.name(), () -> assertOneAnswer(attack)));
    }

    @TestFactory
    Stream<DynamicTest> nothingIsAnsweredWithoutAToken() {
        return paths().stream().map(attack -> DynamicTest.dynamicTest(attack.name(), () -> assertOneAnswer(attack)));
    }

    /** Links lead to the host in `Host`, never to one that was only named in the request line. */
    @Test
    void anotherHostInTheRequestLineIsNotBelieved() throws IOException {
        for (String path : List.of("/metadata/endpoints", "/tenants?api-version=2016-06-01")) {
            String answer = exchange("GET https://evil.example" + path + " HTTP/1.1\r\nHost: localhost\r\n"
                    + authorization() + "Connection: close\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain("evil.example");
        }
    }

    @Test
    void theGatewayGoesOn() {
        assertThat(HttpCaller.operator(gateway).get("/windows").status()).isEqualTo(200);
    }

    private static List<Attack> lengths() {
        List<Attack> attacks = new ArrayList<>();
        String hidden = "0\r\n\r\n" + hidden();
        attacks.add(post("length, then chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked", hidden));
        attacks.add(post("chunked, then length", "Transfer-Encoding: chunked\r\nContent-Length: 5", hidden));
        attacks.add(post("two lengths", "Content-Length: 5\r\nContent-Length: 0", "12345" + hidden()));
        attacks.add(post("two equal lengths", "Content-Length: 5\r\nContent-Length: 5", "12345" + hidden()));
        for (String length :
                List.of("5, 6", "5, 5", "+5", "-1", "0x5", "5 5", "5;", "5.0", "", "five", "18446744073709551621")) {
            attacks.add(post("length '" + length + "'", "Content-Length: " + length, "12345" + hidden()));
        }
        attacks.add(post("space after the name", "Content-Length : 5", "12345" + hidden()));
        attacks.add(post("length on a folded line", "Content-Length:\r\n 5", "12345" + hidden()));
        return attacks;
    }

    private static List<Attack> codings() {
        List<Attack> attacks = new ArrayList<>();
        for (String coding : List.of(
                "xchunked",
                "chunked, xchunked",
                "xchunked, chunked",
                "chunked, identity",
                "chunked, chunked",
                "gzip, chunked",
                "identity",
                "chunked;a=b",
                "\u000bchunked",
                "chunked\u0000",
                "\"chunked\"",
                "")) {
            attacks.add(post(
                    "coding " + coding.replace("\u000b", "\\v").replace("\u0000", "\\0"),
                    "Transfer-Encoding: " + coding,
                    "0\r\n\r\n" + hidden()));
        }
        attacks.add(post(
                "coding twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n" + hidden()));
        attacks.add(post("space after coding's name", "Transfer-Encoding : chunked", "0\r\n\r\n" + hidden()));
        attacks.add(new Attack(
                "chunked in HTTP/1.0",
                post("", "Transfer-Encoding: chunked", "0\r\n\r\n" + hidden())
                        .request()
                        .replaceFirst("HTTP/1.1", "HTTP/1.0"),
                "400"));
        return attacks;
    }

    private static List<Attack> chunks() {
        List<Attack> attacks = new ArrayList<>();
        for (String chunk : List.of(
                "zz\r\nx\r\n",
                "-1\r\nx\r\n",
                "0x1\r\nx\r\n",
                "+1\r\nx\r\n",
                " 1\r\nx\r\n",
                "FFFFFFFFFFFFFFFF\r\nx\r\n",
                "100000000\n\nx\r\n",
                "1\nx\n",
                "1\r\nxy\r\n",
                "1;a\nb\r\nx\r\n",
                "1;\"\r\nx\r\n\"\nb\r\n",
                "\r\nx\r\n")) {
            attacks.add(post(
                    "chunk " + chunk.replace("\r", "\\r").replace("\n", "\\n"),
                    "Transfer-Encoding: chunked",
                    chunk + "0\r\n\r\n" + hidden(),
                    "400|cut"));
        }
        return attacks;
    }

    private static List<Attack> lines() {
        List<Attack> attacks = new ArrayList<>();
        String get = "GET /tenants?api-version=2016-06-01 HTTP/1.1\r\nHost: localhost\r\n" + authorization();
        attacks.add(new Attack(
                "bare LF after the request line", get.replaceFirst("\r\n", "\n") + "\r\n" + hidden(), "400"));
        attacks.add(new Attack("bare LF everywhere", (get + "\r\n").replace("\r\n", "\n") + hidden(), "400"));
        attacks.add(new Attack("bare LF at the end of the head", get + "\n" + hidden(), "400"));
        attacks.add(new Attack("bare CR in a value", get + "X-A: a\rX-B: b\r\n\r\n" + hidden(), "400"));
        attacks.add(new Attack("NUL in a value", get + "X-A: a\u0000b\r\n\r\n" + hidden(), "400"));
        attacks.add(new Attack("no colon", get + "X-A\r\n\r\n" + hidden(), "400"));
        attacks.add(new Attack("no name", get + ": a\r\n\r\n" + hidden(), "400"));
        attacks.add(new Attack("space in a name", get + "X A: a\r\n\r\n" + hidden(), "400"));
        attacks.add(new Attack("control in a name", get + "X\u0001A: a\r\n\r\n" + hidden(), "400"));
        attacks.add(new Attack("folded line first", get.replaceFirst("Host", " Host") + "\r\n" + hidden(), "400"));
        return attacks;
    }

    private static List<Attack> requestLines() {
        List<Attack> attacks = new ArrayList<>();
        String rest = "\r\nHost: localhost\r\n" + authorization() + "\r\n" + hidden();
        for (String line : List.of(
                "GET /tenants",
                "GET /tenants /x HTTP/1.1",
                "GET /tenants http/1.1",
                "GET /tenants HTTP/9.9",
                "GET /tenants HTTP/2.0",
                "GET /tenants HTTP/1.10",
                "GET /tenants XTTP/1.1",
                "G\u0001T /tenants HTTP/1.1",
                "/tenants HTTP/1.1",
                "PRI * HTTP/2.0")) {
            attacks.add(new Attack(line.replace("\u0001", "\\1"), line + rest, "400|501"));
        }
        return attacks;
    }

    private static List<Attack> hosts() {
        List<Attack> attacks = new ArrayList<>();
        String line = "GET /tenants?api-version=2016-06-01 HTTP/1.1\r\n";
        String end = authorization() + "Connection: close\r\n\r\n";
        attacks.add(new Attack("no host", line + end, "400"));
        attacks.add(new Attack("two hosts", line + "Host: localhost\r\nHost: evil.example\r\n" + end, "400"));
        for (String host : List.of(
                "evil.example/x",
                "user@evil.example",
                "a b",
                "evil.example?x",
                "evil.example#x",
                "localhost:x",
                "localhost:99999",
                "[::1")) {
            attacks.add(new Attack("host '" + host + "'", line + "Host: " + host + "\r\n" + end, "400"));
        }
        return attacks;
    }

    /** Nobody says who they are: whatever a path is taken for, it gives nothing. */
    private static List<Attack> paths() {
        List<Attack> attacks = new ArrayList<>();
        for (String path : List.of(
                "/metadata/endpoints/../../tenants",
                "/metadata/endpoints/%2e%2e/%2e%2e/tenants",
                "/metadata/endpoints/..%2f..%2ftenants",
                "/metadata/endpoints/.%2e/.%2e/tenants",
                "/metadata/endpoints/%252e%252e/%252e%252e/tenants",
                "/metadata/endpoints/..;/..;/tenants",
                "/metadata/endpoints;/tenants",
                "/metadata/endpoints%00/tenants",
                "/metadata/endpoints\\..\\..\\tenants",
                "/metadata/endpoints%5c..%5c..%5ctenants",
                "//tenants",
                "/./tenants",
                "/tenants/",
                "/TENANTS",
                "/tenants%20",
                "/tenants?api-version=2016-06-01",
                "/metrics",
                "/health/ready",
                "/metadata/../metrics",
                "/%2e%2e/metrics",
                "https://evil.example/tenants?api-version=2016-06-01",
                "http://localhost@evil.example/tenants")) {
            attacks.add(new Attack(
                    path, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "400|401|404"));
        }
        for (String method : List.of("CONNECT", "TRACE", "TRACK", "OPTIONS", "PROPFIND", "FOO")) {
            attacks.add(new Attack(
                    method,
                    method + " /tenants HTTP/1.1\r\nHost: localhost\r\nX-HTTP-Method-Override: GET\r\n"
                            + "Connection: close\r\n\r\n",
                    "400|401|404|405|501"));
        }
        attacks.add(new Attack(
                "a token in a trailer",
                "POST /usage/records HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
                        + "Trailer: Authorization\r\n\r\n0\r\n" + authorization() + "\r\n",
                "401"));
        attacks.add(upgrade("an upgrade to HTTP/2 without TLS", "h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"));
        attacks.add(upgrade(
                "an upgrade to a WebSocket",
                "websocket",
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));
        return attacks;
    }

    private static Attack upgrade(String name, String protocol, String headers) {
        return new Attack(
                name,
                "GET /tenants HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: " + protocol + "\r\n" + headers + "\r\n\r\n",
                "401");
    }

    private static void assertOneAnswer(Attack attack) throws IOException {
        String answers = exchange(attack.request());
        List<String> statuses =
                STATUS.matcher(answers).results().map(found -> found.group(1)).toList();

        assertThat(answers).as("what is hidden is run").doesNotContain("hidden-request");
        assertThat(answers).doesNotContain("Exception", "io.netty", "io.vertx", token);
        assertThat(statuses).as(answers).hasSizeLessThanOrEqualTo(1);
        assertThat(statuses.isEmpty() ? "cut" : statuses.get(0)).as(answers).matches(attack.answer());
        if (!statuses.isEmpty() && !statuses.get(0).equals("501")) {
            assertThat(answers).contains("{\"error\":{\"code\":");
        }
    }

    private static Attack post(String name, String headers, String body) {
        return post(name, headers, body, "400");
    }

    private static Attack post(String name, String headers, String body, String answer) {
        return new Attack(
                name,
                "POST /usage/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                        + authorization() + headers + "\r\n\r\n" + body,
                answer);
    }

    private static String authorization() {
        return "Authorization: Bearer " + token + "\r\n";
    }

    /** Its answer would echo its id. */
    private static String hidden() {
        return "GET /tenants?api-version=2016-06-01 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "x-ms-client-request-id: hidden-request\r\n" + authorization() + "\r\n";
    }

    private static String exchange(String request) throws IOException {
        try (Socket socket = TestIdentity.get()
                .tls()
                .getSocketFactory()
                .createSocket("localhost", gateway.url().getPort())) {
            socket.setSoTimeout(HANGS_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException cut) {
            return "";
        }
    }
}
