package io.tallygate.gateway.testing;

import static io.tallygate.gateway.testing.Settled.settled;

import io.tallygate.store.testing.FreePort;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Plays an issuer over https, well or badly. */
public final class IssuerServer {
    /** The path of its discovery document. */
    public static final String DISCOVERY = "/.well-known/openid-configuration";

    public final AtomicInteger discoveries = new AtomicInteger();
    public final AtomicInteger keySets = new AtomicInteger();
    public final AtomicInteger others = new AtomicInteger();
    public final AtomicInteger connections = new AtomicInteger();
    public volatile Handler<HttpServerRequest> discovery = this::discover;
    public volatile Handler<HttpServerRequest> keys;

    private final Vertx vertx;
    private final TestCertificate certificate;
    private HttpServer server;
    private final int port = FreePort.next();

    /** Not started yet. */
    public IssuerServer(Vertx vertx, TestCertificate certificate) {
        this.vertx = vertx;
        this.certificate = certificate;
    }

    /** On the same port each time. */
    public void start() {
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
    }

    /** Takes no more connections; may be started again. */
    public void stop() {
        settled(server.close());
    }

    /** Its issuer: {@code https://localhost:port}. */
    public String url() {
        return "https://localhost:" + port;
    }

    /** Publishes these keys from now on. */
    public void publish(SigningKey... published) {
        JsonArray jwks = new JsonArray(Stream.of(published).map(SigningKey::jwk).toList());
        keys = answer(new JsonObject().put("keys", jwks).encode());
    }

    /** Says that its keys are there. */
    public void publishAt(String jwksUri) {
        discovery = answer(
                new JsonObject().put("issuer", url()).put("jwks_uri", jwksUri).encode());
    }

    /** Each a way for an address to be useless, and the reason that is to be seen. */
    public static List<Fault> faults() {
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
                new Fault("redirect for good", IssuerServer::redirectForGood, "answered 308"),
                new Fault("gzip that nobody asked for", IssuerServer::gzip, "is not strict JSON"),
                new Fault("10 MB", IssuerServer::flood, "more than 65536 bytes"),
                new Fault("10 MB of spaces, chunked", IssuerServer::chunks, "more than 65536 bytes"),
                new Fault("cut in the middle", IssuerServer::cut, "cannot be fetched"),
                new Fault("drip", IssuerServer::drip, "did not answer within PT3S"),
                new Fault("silence", request -> {}, "did not answer within PT3S"));
    }

    /** A way to be useless. */
    public record Fault(String name, Handler<HttpServerRequest> handler, String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Answers with this text, said to be JSON. */
    public static Handler<HttpServerRequest> answer(String body) {
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

    private static void redirectForGood(HttpServerRequest request) {
        request.response().setStatusCode(308).putHeader("location", "/other").end();
    }

    private static void gzip(HttpServerRequest request) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(new byte[1024]);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        request.response().putHeader("content-encoding", "gzip").end(Buffer.buffer(bytes.toByteArray()));
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
