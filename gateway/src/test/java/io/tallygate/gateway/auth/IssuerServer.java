package io.tallygate.gateway.auth;

import static io.tallygate.gateway.auth.Settled.settled;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Plays an issuer over https, well or badly. */
final class IssuerServer {
    static final String DISCOVERY = "/.well-known/openid-configuration";

    final AtomicInteger discoveries = new AtomicInteger();
    final AtomicInteger keySets = new AtomicInteger();
    final AtomicInteger others = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();
    volatile Handler<HttpServerRequest> discovery = this::discover;
    volatile Handler<HttpServerRequest> keys;

    private final Vertx vertx;
    private final TestCertificate certificate;
    private HttpServer server;
    private int port;

    IssuerServer(Vertx vertx, TestCertificate certificate) {
        this.vertx = vertx;
        this.certificate = certificate;
    }

    /** On a free port the first time, on the same one ever after. */
    void start() {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.certificatePem()))
                        .addKeyValue(Buffer.buffer(certificate.keyPem())));
        server = settled(vertx.createHttpServer(options)
                        .connectionHandler(this::count)
                        .requestHandler(this::route)
                        .listen(port, "localhost"))
                .result();
        port = server.actualPort();
    }

    void stop() {
        settled(server.close());
    }

    String url() {
        return "https://localhost:" + port;
    }

    void publish(SigningKey... published) {
        JsonArray jwks = new JsonArray(Stream.of(published).map(SigningKey::jwk).toList());
        keys = answer(new JsonObject().put("keys", jwks).encode());
    }

    void publishAt(String jwksUri) {
        discovery = answer(
                new JsonObject().put("issuer", url()).put("jwks_uri", jwksUri).encode());
    }

    /** Each a way for an address to be useless, and the reason that is to be seen. */
    static List<Fault> faults() {
        return List.of(
                new Fault(
                        "500", request -> request.response().setStatusCode(500).end(), "answered 500"),
                new Fault(
                        "204", request -> request.response().setStatusCode(204).end(), "answered 204"),
                new Fault("HTML", answer("<!doctype html><html></html>"), "is not strict JSON"),
                new Fault("empty body", answer(""), "is not"),
                new Fault("empty object", answer("{}"), ""),
                new Fault("no keys", answer("{\"keys\":[]}"), ""),
                new Fault("only an encryption key", answer(encryptionKey()), ""),
                new Fault("duplicated name", answer("{\"keys\":[],\"keys\":[]}"), "is not strict JSON"),
                new Fault("deep", answer("[".repeat(5000)), "is not strict JSON"),
                new Fault("redirect", IssuerServer::redirect, "answered 302"),
                new Fault("10 MB", IssuerServer::flood, "more than 65536 bytes"),
                new Fault("10 MB of spaces, chunked", IssuerServer::chunks, "more than 65536 bytes"),
                new Fault("cut in the middle", IssuerServer::cut, "cannot be fetched"),
                new Fault("drip", IssuerServer::drip, "did not answer within PT3S"),
                new Fault("silence", request -> {}, "did not answer within PT3S"));
    }

    /** A way to be useless. */
    record Fault(String name, Handler<HttpServerRequest> handler, String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Handler<HttpServerRequest> answer(String body) {
        return request ->
                request.response().putHeader("content-type", "application/json").end(body);
    }

    private static String encryptionKey() {
        JsonObject key = SigningKey.rsa("enc").jwk().put("use", "enc");
        return new JsonObject().put("keys", new JsonArray().add(key)).encode();
    }

    private static void redirect(HttpServerRequest request) {
        request.response().setStatusCode(302).putHeader("location", "/other").end();
    }

    private static void flood(HttpServerRequest request) {
        request.response().end(Buffer.buffer(new byte[10 * 1024 * 1024]));
    }

    private static void chunks(HttpServerRequest request) {
        request.response().setChunked(true);
        for (int i = 0; i < 1024; i++) {
            request.response().write(" ".repeat(10 * 1024));
        }
    }

    private static void cut(HttpServerRequest request) {
        request.response().putHeader("content-length", "100");
        request.response().write("{").onComplete(written -> request.connection().close());
    }

    private static void drip(HttpServerRequest request) {
        request.response().setChunked(true);
        Vertx vertx = Vertx.currentContext().owner();
        long timer = vertx.setPeriodic(50, id -> request.response().write(" "));
        request.response().closeHandler(closed -> vertx.cancelTimer(timer));
    }

    private void discover(HttpServerRequest request) {
        answer(new JsonObject()
                        .put("issuer", url())
                        .put("jwks_uri", url() + "/keys")
                        .encode())
                .handle(request);
    }

    private void count(HttpConnection connection) {
        connections.incrementAndGet();
        connection.closeHandler(closed -> connections.decrementAndGet());
    }

    private void route(HttpServerRequest request) {
        switch (request.path()) {
            case DISCOVERY -> {
                discoveries.incrementAndGet();
                discovery.handle(request);
            }
            case "/keys" -> {
                keySets.incrementAndGet();
                keys.handle(request);
            }
            default -> {
                others.incrementAndGet();
                keys.handle(request);
            }
        }
    }
}
