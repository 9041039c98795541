package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.store.testing.TestPostgres;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request whose end a proxy and the gateway could see in different places: there is one answer, a refusal, and what
 * follows on the connection is never run. Netty before 4.2.18 took {@code chunked, xchunked} as chunked and ran it
 * (CVE-2026-89044).
 */
@Timeout(60)
class SmuggledRequestIT {
    private static final String SMUGGLED =
            "0\r\n\r\nGET /metadata/endpoints HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked, xchunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: xchunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding: \u000bchunked",
                "Content-Length: 5\r\nContent-Length: 0",
                "Content-Length: +5",
                "Content-Length: 0, 5"
            })
    void theSecondRequestIsNeverRun(String headers) throws IOException {
        String answers =
                exchange("POST /usage/records HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n" + SMUGGLED);

        assertThat(answers.split("HTTP/1\\.1 ", -1)).as(answers).hasSize(2);
        assertThat(answers).startsWith("HTTP/1.1 4").doesNotContain("galleryEndpoint");
    }

    private static String exchange(String request) throws IOException {
        try (Socket socket = TestIdentity.get()
                .tls()
                .getSocketFactory()
                .createSocket("localhost", gateway.url().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
