package io.tallygate.gateway.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.gateway.http.PublicAddress;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cookies where the gateway itself has no TLS: only on one's own machine is there none at all. */
class PortalCookiesIT {
    private final PortalCookies cookies = new PortalCookies(new PublicAddress(List.of("127.0.0.1")));
    private final Vertx vertx = Vertx.vertx();
    private HttpClient client;
    private int port;

    @BeforeEach
    void start() throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(this::answer);
        port = server.listen(0, "127.0.0.1").await(20, TimeUnit.SECONDS).actualPort();
        client = vertx.createHttpClient();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    private void answer(HttpServerRequest request) {
        cookies.set(request, PortalCookies.SESSION, "value");
        request.response().end(cookies.origin(request) + " " + cookies.values(request, PortalCookies.SESSION));
    }

    @Test
    void onTheOwnMachineTheyGoWithoutTls() throws Exception {
        assertThat(ask("localhost", "Cookie", "tallygate-session=a; __Host-tallygate=b; tallygate-session=c"))
                .containsExactly(
                        "tallygate-session=value; Path=/; HttpOnly; SameSite=Lax",
                        "http://localhost:" + port + " [a, c]");
    }

    @Test
    void behindAProxyTheyAreForTlsAlone() throws Exception {
        String secure = "__Host-tallygate=value; Path=/; HttpOnly; SameSite=Lax; Secure";
        assertThat(ask("localhost", "X-Forwarded-Host", "usage.example.com"))
                .containsExactly(secure, "https://usage.example.com []");
        assertThat(ask("usage.example.com", "Cookie", "tallygate-session=a; __Host-tallygate=b"))
                .containsExactly(secure, "https://usage.example.com:" + port + " [b]");
    }

    private List<String> ask(String host, String header, String value) throws Exception {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                .setHost(host)
                .setPort(port)
                .setURI("/")
                .putHeader(header, value);
        return client.request(options)
                .compose(request -> request.send())
                .compose(response ->
                        response.body().map(body -> List.of(response.getHeader("Set-Cookie"), body.toString())))
                .await(20, TimeUnit.SECONDS);
    }
}
