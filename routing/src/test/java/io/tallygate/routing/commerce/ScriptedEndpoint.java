package io.tallygate.routing.commerce;

import static io.tallygate.store.testing.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The other side of the contract: an HTTP/1.1 server that writes what a script says, byte for byte. Requests to
 * {@code /token} are answered by a script of their own.
 */
final class ScriptedEndpoint implements AutoCloseable {
    static final String TOKEN = "token-of-the-test";

    private final NetServer server;
    private final boolean tls;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Script script = (request, socket) -> socket.close();
    private volatile Script tokens = answer(
            200,
            "Content-Type: application/json",
            "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"" + TOKEN + "\"}");

    /** A request as it came; header names in lower case. */
    record Request(String line, Map<String, String> headers, String body) {}

    /** Answers a request, or does not. */
    interface Script {
        void answer(Request request, NetSocket socket);
    }

    private ScriptedEndpoint(Vertx vertx, NetServerOptions options) {
        this.tls = options.isSsl();
        this.server = vertx.createNetServer(options).connectHandler(socket -> new Connection(socket).start());
        await(server.listen(0, "localhost"));
    }

    static ScriptedEndpoint http(Vertx vertx) {
        return new ScriptedEndpoint(vertx, new NetServerOptions());
    }

    static ScriptedEndpoint https(Vertx vertx, TestCertificate certificate) {
        return new ScriptedEndpoint(
                vertx,
                new NetServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(certificate.certificatePem()))
                                .addKeyValue(Buffer.buffer(certificate.keyPem()))));
    }

    /** A whole answer; each header is a line. The last argument is the body. */
    static Script answer(int status, String... headersAndBody) {
        return (request, socket) -> socket.write(text(status, headersAndBody));
    }

    static String text(int status, String... headersAndBody) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Said\r\n");
        for (int i = 0; i < headersAndBody.length - 1; i++) {
            text.append(headersAndBody[i]).append("\r\n");
        }
        String body = headersAndBody.length == 0 ? "" : headersAndBody[headersAndBody.length - 1];
        if (status != 204) {
            text.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        return text.append("\r\n").append(body).toString();
    }

    void says(Script next) {
        script = next;
    }

    void tokensAre(Script next) {
        tokens = next;
    }

    String url() {
        return (tls ? "https" : "http") + "://localhost:" + server.actualPort();
    }

    /** What came, without requests for tokens. */
    List<Request> requests() {
        return requests.stream().filter(request -> !isToken(request)).toList();
    }

    /** The requests for tokens. */
    List<Request> tokenRequests() {
        return requests.stream().filter(ScriptedEndpoint::isToken).toList();
    }

    @Override
    public void close() {
        await(server.close());
    }

    private static boolean isToken(Request request) {
        return request.line().startsWith("POST /token ");
    }

    /** Reads requests one after the other. */
    private final class Connection {
        private final NetSocket socket;
        private Buffer received = Buffer.buffer();

        Connection(NetSocket socket) {
            this.socket = socket;
        }

        void start() {
            // A client that gives up resets the connection: that is what these tests are about.
            socket.exceptionHandler(reset -> socket.close());
            socket.handler(this::receive);
        }

        private void receive(Buffer bytes) {
            received.appendBuffer(bytes);
            Optional<Request> request = next();
            while (request.isPresent()) {
                requests.add(request.get());
                (isToken(request.get()) ? tokens : script).answer(request.get(), socket);
                request = next();
            }
        }

        private Optional<Request> next() {
            String text = received.toString(StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                return Optional.empty();
            }
            String[] lines = text.substring(0, end).split("\r\n", -1);
            Map<String, String> headers = new TreeMap<>();
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(':');
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
            int whole = end + 4 + Integer.parseInt(headers.getOrDefault("content-length", "0"));
            if (received.length() < whole) {
                return Optional.empty();
            }
            String body = received.getString(end + 4, whole);
            received = received.getBuffer(whole, received.length());
            return Optional.of(new Request(lines[0], headers, body));
        }
    }
}
