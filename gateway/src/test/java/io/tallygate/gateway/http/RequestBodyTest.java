package io.tallygate.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
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

/** Bodies that nobody wants. */
class RequestBodyTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    // Refused before the end of the request was seen, while its body is thrown away already.
    @Test
    void aRefusedRequestIsForgottenBeforeItsBodyIsLate() throws Exception {
        List<WeakReference<RoutingContext>> seen = new CopyOnWriteArrayList<>();
        Router router = Router.router(vertx);
        router.route().handler(new RequestBounds(new BodyPatience(Duration.ofHours(1)), new BodyBudget(1 << 20)));
        router.route().handler(ctx -> {
            seen.add(new WeakReference<>(ctx));
            RequestBody.drop(ctx);
            ctx.response().setStatusCode(429).end();
            RequestBody.discard(ctx);
        });
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < 20; i++) {
            URI address = URI.create("http://127.0.0.1:" + server.actualPort() + "/");
            assertThat(client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(429);
        }
        Awaitility.await().untilAsserted(() -> {
            System.gc();
            // The last one may still be known to its connection.
            assertThat(seen.stream().filter(ctx -> ctx.get() != null)).hasSizeLessThanOrEqualTo(1);
        });
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
