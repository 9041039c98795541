package io.tallygate.gateway.auth;

import static io.tallygate.gateway.testing.Settled.settled;

import io.tallygate.gateway.http.ApiException;
import io.tallygate.gateway.testing.TestTokens;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A gateway that trusts one issuer, with routes that show the caller, and a client to call it with. */
final class TestGateway {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final Authentication authentication;
    private final HttpServer server;

    /** Starts it; the issuer may be away. */
    TestGateway(Vertx vertx, String issuer, Optional<String> caPem, Clock clock) {
        IssuerConfig trusted =
                new IssuerConfig(issuer, Set.of(TestTokens.TENANT, TestTokens.OPERATOR), Optional.empty(), caPem);
        authentication = Authentication.create(
                vertx, AuthConfig.of(List.of(trusted), Set.of(TestTokens.AUDIENCE), TestTokens.OPERATOR), clock);
        settled(authentication.start());

        Router router = Router.router(vertx);
        router.route("/unprotected").handler(TestGateway::showCaller);
        router.route().handler(authentication.handler());
        router.post("/body").handler(BodyHandler.create(false));
        router.post("/body").handler(ctx -> ctx.end(String.valueOf(ctx.body().length())));
        router.route().handler(TestGateway::showCaller);
        router.route().failureHandler(TestGateway::showRefusal);
        server = settled(vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(64 * 1024))
                        .requestHandler(router)
                        .listen(0, "localhost"))
                .result();
    }

    void close() {
        settled(authentication.close());
        settled(server.close());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.actualPort() + "/" + path));
    }

    HttpRequest.Builder request(String path, String token) {
        return request(path).header("authorization", "Bearer " + token);
    }

    HttpResponse<String> get(String token) throws IOException, InterruptedException {
        return send(request("", token));
    }

    int status(String token) throws IOException, InterruptedException {
        return get(token).statusCode();
    }

    CompletableFuture<HttpResponse<String>> getAsync(String token) {
        return CLIENT.sendAsync(request("", token).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void showCaller(RoutingContext context) {
        Caller caller = Caller.of(context);
        context.end(caller.subject() + " "
                + String.join(" ", caller.roles().stream().map(Role::name).toList()));
    }

    private static void showRefusal(RoutingContext context) {
        ApiException refusal = (ApiException) context.failure();
        context.response().setStatusCode(refusal.error().status());
        context.end(refusal.error() + " " + refusal.getMessage());
    }
}
