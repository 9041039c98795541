package io.tallygate.deploy.portal;

import static io.tallygate.store.testing.Await.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.gateway.portal.PortalConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Stands before the token endpoint of the identity provider, and does with its answers what a test says. */
final class TokenGate implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().sslContext(TestIdentity.get().tls()).build();
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpServer server;
    private final URI real;
    private final String discovery;
    private volatile UnaryOperator<Reply> answer = UnaryOperator.identity();
    private volatile Promise<Void> open = Promise.promise();

    /** What the endpoint answers. */
    record Reply(int status, String body) {}

    TokenGate() throws IOException, InterruptedException {
        TestIdentity identity = TestIdentity.get();
        open.complete();
        server = await(vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(identity.certificateFile().toString())
                                .addKeyPath(identity.keyFile().toString())))
                .requestHandler(this::handle)
                .listen(0, "localhost"));
        JsonNode document = HttpCaller.Answer.parse(client.send(
                        HttpRequest.newBuilder(identity.signInDiscovery()).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        real = URI.create(document.path("token_endpoint").asText());
        discovery =
                ((ObjectNode) document).put("token_endpoint", url() + "/token").toString();
    }

    private String url() {
        return "https://localhost:" + server.actualPort();
    }

    /** A portal whose provider is behind this. */
    PortalConfig portal(String secret) throws IOException {
        return TestIdentity.portal(
                URI.create(url() + "/discovery"),
                Files.readString(TestIdentity.get().caFile()),
                secret);
    }

    /** Changes the answers from now on. */
    void answering(UnaryOperator<Reply> change) {
        answer = change;
    }

    /** Answers nothing from now on. */
    void hold() {
        open = Promise.promise();
    }

    /** Answers what was held, and all that comes. */
    void release() {
        open.tryComplete();
    }

    /** How often tokens were asked for. */
    int asked() {
        return asked.get();
    }

    private void handle(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.GET)) {
            request.response().end(discovery);
            return;
        }
        asked.incrementAndGet();
        Future<Void> opened = open.future();
        request.body()
                .compose(body -> opened.map(body))
                .compose(body -> vertx.executeBlocking(() -> ask(request, body), false))
                .map(answer)
                .onSuccess(reply ->
                        request.response().setStatusCode(reply.status()).end(reply.body()))
                .onFailure(failure -> request.response().setStatusCode(500).end());
    }

    private Reply ask(HttpServerRequest request, Buffer body) throws IOException, InterruptedException {
        HttpResponse<String> reply = client.send(
                HttpRequest.newBuilder(real)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Authorization", request.getHeader("Authorization"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Reply(reply.statusCode(), reply.body());
    }

    @Override
    public void close() {
        release();
        await(vertx.close());
    }
}
