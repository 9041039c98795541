package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;

/**
 * The demo's commerce endpoint on a loopback port of its own: it speaks the metering protocol of Azure's marketplace,
 * keeps a book of what it billed that outlives its process, shows it to everybody ({@code GET /}), and can be made to
 * fail in many ways ({@code POST /switch}). Its certificate is the demo's, its callers have tokens of the demo's
 * identity provider.
 */
public final class CommerceEndpoint implements AutoCloseable {
    private final Vertx vertx;
    private final CommerceBook book;
    private final CommerceSwitch switches;
    private final int port;

    private CommerceEndpoint(Vertx vertx, CommerceBook book, CommerceSwitch switches, int port) {
        this.vertx = vertx;
        this.book = book;
        this.switches = switches;
        this.port = port;
    }

    /** Starts it with all that is in this directory. Blocks until it listens. */
    public static CommerceEndpoint start(DemoDirectory directory, Clock clock) throws IOException {
        return start(directory, directory, clock);
    }

    /**
     * Starts it on the port and with the book of a directory of its own.
     *
     * @param site where the server's certificate and the identity provider's key are
     * @param own where port and book are, or will be
     */
    public static CommerceEndpoint start(DemoDirectory site, DemoDirectory own, Clock clock) throws IOException {
        int port = RememberedPort.choose(own.file("commerce.port"));
        CommerceTokens tokens = tokens(site, clock);
        CommerceBook book = CommerceBook.open(bookFile(own));
        // One event loop: what a request does to the book is done before the next one is looked at.
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        CommerceSwitch switches = new CommerceSwitch(book);
        CommerceRoutes routes = new CommerceRoutes(vertx, tokens, book, new MeteringDesk(book, clock), switches);
        CommerceEndpoint endpoint = new CommerceEndpoint(vertx, book, switches, port);
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                .setHost("localhost")
                .setPort(port)
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(site.certificateFile().toString())
                        .setKeyPath(site.keyFile().toString())));
        try {
            server.requestHandler(routes.router(vertx)).listen().await();
            return endpoint;
        } catch (RuntimeException failed) {
            endpoint.close();
            throw failed;
        }
    }

    /** The file with what the endpoint of this directory has billed, a JSON line each. */
    static Path bookFile(DemoDirectory directory) {
        return directory.file("commerce-book.jsonl");
    }

    /** {@code https://localhost:{port}}, without a slash at the end. */
    public URI url() {
        return URI.create("https://localhost:" + port);
    }

    /** What {@code GET /?events=true} shows of the book. */
    public JsonNode report() {
        return new CommerceReport(book).everything(true);
    }

    /**
     * Turns the switch as {@code POST /switch} does.
     *
     * @param json {@code {"mode": "429", "count": 3, "retryAfter": "1"}} and the like
     */
    public void turn(String json) throws IOException {
        switches.set(CommerceJson.read(json));
    }

    @Override
    public void close() throws IOException {
        vertx.close().await();
        book.close();
    }

    private static CommerceTokens tokens(DemoDirectory directory, Clock clock) throws IOException {
        try {
            return new CommerceTokens(SigningKey.in(directory), clock);
        } catch (JOSEException e) {
            throw new IOException("The identity provider's key cannot verify tokens", e);
        }
    }
}
