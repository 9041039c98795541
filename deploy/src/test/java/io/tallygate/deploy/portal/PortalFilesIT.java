package io.tallygate.deploy.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.testing.RawCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.store.testing.TestPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The portal's files as a browser gets them. */
class PortalFilesIT {
    private static final String LIBRARY = "/portal/lib/echarts.js";

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void thePageIsThereWithItsPolicy() throws Exception {
        for (String path : List.of("/portal/", "/portal/index.html")) {
            HttpResponse<byte[]> page = get(path);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
            assertThat(page.headers().allValues("Content-Security-Policy"))
                    .containsExactly("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                            + " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
                            + " frame-ancestors 'none'");
            assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(header(page, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
            assertThat(header(page, "Strict-Transport-Security")).isNotEmpty();
        }
        assertThat(get("/portal").statusCode()).isEqualTo(308);
        assertThat(header(get("/portal"), "Location")).isEqualTo("/portal/");
    }

    @Test
    void aLibraryIsZippedOnceAndKnownByItsTag() throws Exception {
        HttpResponse<byte[]> plain = get(LIBRARY);
        HttpResponse<byte[]> zipped = get(LIBRARY, "Accept-Encoding", "gzip, deflate, br");

        assertThat(header(plain, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(plain.headers().firstValue("Content-Encoding").filter(coding -> !coding.equals("identity")))
                .isEmpty();
        assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(zipped, "Vary")).containsIgnoringCase("accept-encoding");
        assertThat(unzipped(zipped.body())).isEqualTo(plain.body());
        assertThat(zipped.body().length).isLessThan(plain.body().length / 2);
        assertThat(header(zipped, "ETag")).isNotEqualTo(header(plain, "ETag"));
        HttpResponse<byte[]> known = get(LIBRARY, "If-None-Match", header(zipped, "ETag"));
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        assertThat(get(LIBRARY, "Accept-Encoding", "gzip;q=0").body()).isEqualTo(plain.body());
    }

    @Test
    void headHasNoBody() throws Exception {
        HttpResponse<byte[]> head = send("HEAD", LIBRARY);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length"))
                .isEqualTo(Integer.toString(get(LIBRARY).body().length));
        assertThat(send("POST", LIBRARY).statusCode()).isIn(404, 405);
    }

    @Test
    void anotherVersionsAddressGetsThisVersionsFileForNow() throws Exception {
        HttpResponse<byte[]> other = get("/portal/~0123456789abcdef/lib/echarts.js");
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(header(other, "Cache-Control")).isEqualTo("no-cache");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/portal/../portal/index.html",
                "/portal/..%2findex.html",
                "/portal/%2e%2e/logback.xml",
                "/portal//index.html",
                "/portal/./index.html",
                "/portal/index.html/",
                "/portal/index.html%00",
                "/portal/%69ndex.html",
                "/portal/~/../index.html",
                "/portal/lib/",
                "/portal/META-INF/MANIFEST.MF",
                "/portal/nothing.js"
            })
    void aPathIsANameOrNothing(String path) {
        RawCaller.Answer answer = new RawCaller(gateway, null).send("GET", path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(404);
        assertThat(answer.body()).contains("ResourceNotFound");
    }

    private static byte[] unzipped(byte[] zipped) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return in.readAllBytes();
        }
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    private static HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.url() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newBuilder()
                .sslContext(TestIdentity.get().tls())
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
