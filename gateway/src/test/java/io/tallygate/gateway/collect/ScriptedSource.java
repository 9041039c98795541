package io.tallygate.gateway.collect;

import static io.tallygate.store.testing.Await.await;

import io.tallygate.gateway.testing.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Plays a stamp over https: it answers requests in turn as it is told, the last answer for ever. Requests to
 * {@code /token} have answers of their own.
 */
final class ScriptedSource implements AutoCloseable {
    private final HttpServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<Asked> tokens = new CopyOnWriteArrayList<>();
    private final Queue<Script> script = new ArrayDeque<>();
    private final Queue<Script> tokenScript = new ArrayDeque<>();

    /** A request as it came. */
    record Asked(String uri, String authorization, String body) {}

    /** Answers a request, or does not. */
    interface Script {
        void answer(HttpServerRequest request);
    }

    /** Listens on a port of its own. */
    ScriptedSource(Vertx vertx, TestCertificate certificate) {
        server = await(vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(certificate.certificatePem()))
                                .addKeyValue(Buffer.buffer(certificate.keyPem()))))
                .requestHandler(this::take)
                .listen(0, "localhost"));
        tokensAre(token("token-1"));
    }

    private void take(HttpServerRequest request) {
        boolean token = request.path().equals("/token");
        request.body().onSuccess(body -> {
            (token ? tokens : asked).add(new Asked(request.uri(), request.getHeader("Authorization"), body.toString()));
            next(token ? tokenScript : script).answer(request);
        });
    }

    private synchronized Script next(Queue<Script> answers) {
        return answers.size() > 1 ? answers.remove() : answers.element();
    }

    /** What it answers from now on. */
    synchronized void says(Script... answers) {
        script.clear();
        script.addAll(List.of(answers));
    }

    /** What it answers to requests for tokens from now on. */
    synchronized void tokensAre(Script... answers) {
        tokenScript.clear();
        tokenScript.addAll(List.of(answers));
    }

    /** A whole answer; each header is {@code Name: value}. */
    static Script answer(int status, String body, String... headers) {
        return request -> {
            for (String header : headers) {
                String[] parts = header.split(": ", 2);
                request.response().putHeader(parts[0], parts[1]);
            }
            request.response().setStatusCode(status).end(body);
        };
    }

    /** A page of these rows, and what more is to stand in it. */
    static Script page(String rows, String more) {
        return answer(200, "{\"value\":[" + rows + "]" + more + "}", "Content-Type: application/json");
    }

    /** A token. */
    static Script token(String token) {
        return answer(200, "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"" + token + "\"}");
    }

    /** Its address. */
    String url() {
        return "https://localhost:" + server.actualPort();
    }

    /** What came, without requests for tokens. */
    List<Asked> asked() {
        return asked;
    }

    /** The requests for tokens. */
    List<Asked> tokens() {
        return tokens;
    }

    @Override
    public void close() {
        await(server.close());
    }
}
