package io.tallygate.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was answered is not kept: a thousand connections of a flood would fill the heap with it. */
class ForgottenRequestsTest {
    private final Vertx vertx = Vertx.vertx();
    private final List<WeakReference<HttpServerRequest>> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    // Refused before the end of the request was seen, while its body is thrown away already.
    @Test
    void notUntilItsBodyWouldBeLate() throws Exception {
        Router router = Router.router(vertx);
        router.route().handler(new RequestBounds(new BodyPatience(Duration.ofHours(1)), new BodyBudget(1 << 20)));
        router.route().handler(ctx -> {
            seen.add(new WeakReference<>(ctx.request()));
            RequestBody.drop(ctx);
            ctx.response().setStatusCode(429).end();
            RequestBody.discard(ctx);
        });
        ask(vertx.createHttpServer().requestHandler(router));
        assertNoneIsKeptButTheLast(1);
    }

    @Test
    void notWhileItsConnectionIsWatchedOver() throws Exception {
        ConnectionGuard guard =
                new ConnectionGuard(vertx, new Connections(ConnectionConfig.DEFAULT, new ClientAddress(List.of())));
        ask(vertx.createHttpServer()
                .connectionHandler((HttpConnection connection) -> guard.opened(connection))
                .requestHandler(request -> {
                    seen.add(new WeakReference<>(request));
                    guard.began(request);
                    request.response().end();
                }));
        assertNoneIsKeptButTheLast(2);
    }

    private void ask(HttpServer server) throws Exception {
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
        HttpClient client = HttpClient.newHttpClient();
        URI address = URI.create("http://127.0.0.1:" + server.actualPort() + "/");
        for (int i = 0; i < 40; i++) {
            client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding());
        }
    }

    private void assertNoneIsKeptButTheLast(int last) {
        assertThat(seen).hasSize(40);
        Awaitility.await().untilAsserted(() -> {
            System.gc();
            assertThat(seen.stream().filter(request -> request.get() != null)).hasSizeLessThanOrEqualTo(last);
        });
    }
}
