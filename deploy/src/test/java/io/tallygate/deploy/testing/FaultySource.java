package io.tallygate.deploy.testing;

import static io.tallygate.store.testing.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between a gateway and the one that it collects from, as a reverse proxy would: it passes on what is asked, and answers
 * badly as often as it is told to.
 */
public final class FaultySource implements AutoCloseable {
    private static final long LATE_MILLIS = 3_000;
    private static final Pattern TOKEN = Pattern.compile("continuationToken=([A-Za-z0-9_-]+)");

    private final Vertx vertx;
    private final URI target;
    private final Random dice;
    private final HttpServer server;
    private final HttpClient client;
    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
    // By the token that leads on from it: a whole page.
    private final Map<String, Buffer> earlier = new ConcurrentHashMap<>();
    private final List<Fault> next = new ArrayList<>();
    private volatile int percent;

    /** What may become of an answer. */
    public enum Fault {
        /** The connection is cut in the middle. */
        CUT,
        /** Half of it comes, and says that it is all. */
        TRUNCATED,
        /** It comes after whoever asked has given up. */
        LATE,
        /** The page before comes once more in its place. */
        REPEATED,
        /** Too many requests. */
        THROTTLED,
        /** The server failed. */
        FAILED,
        /** A page for people, with status 200. */
        HTML,
        /** It says that it is not processed yet. */
        UNPROCESSED
    }

    /** Passes on to this gateway; all is well until {@link #misbehave}. */
    public FaultySource(Vertx vertx, URI target, long seed) {
        this.vertx = vertx;
        this.target = target;
        this.dice = new Random(seed);
        TestIdentity identity = TestIdentity.get();
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(identity.caFile().toString())));
        this.server = await(vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(identity.certificateFile().toString())
                                .addKeyPath(identity.keyFile().toString())))
                .requestHandler(this::pass)
                .listen(0, "localhost"));
    }

    /** Where it is asked. */
    public URI url() {
        return URI.create("https://localhost:" + server.actualPort());
    }

    /** Answers badly so often from now on, in percent. */
    public void misbehave(int ofHundred) {
        percent = ofHundred;
    }

    /** What it did so far. */
    public synchronized Map<Fault, Integer> injected() {
        return new EnumMap<>(injected);
    }

    @Override
    public void close() {
        await(server.close());
        await(client.close());
    }

    private void pass(HttpServerRequest asked) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(target.resolve(asked.uri()).toString())
                // Links lead to where we were asked.
                .putHeader("Host", asked.getHeader("Host"))
                .putHeader("Authorization", asked.getHeader("Authorization"));
        client.request(options)
                .compose(request -> request.send())
                .compose(response -> response.body().map(body -> answer(asked, response.statusCode(), body)))
                .onFailure(broken -> asked.connection().close());
    }

    private Void answer(HttpServerRequest asked, int status, Buffer body) {
        Matcher link = TOKEN.matcher(status == 200 ? body.toString() : "");
        if (link.find()) {
            earlier.put(link.group(1), body);
        }
        Buffer before = earlier.get(String.valueOf(asked.getParam("continuationToken")));
        Fault fault = status == 200 ? fault(before != null) : null;
        if (fault == null) {
            end(asked, status, body);
            return null;
        }
        count(fault);
        switch (fault) {
            case CUT -> {
                asked.response().putHeader("Content-Length", Integer.toString(body.length()));
                asked.response().putHeader("Content-Type", "application/json");
                asked.response()
                        .write(body.slice(0, body.length() / 2))
                        .onComplete(sent -> asked.connection().close());
            }
            case TRUNCATED -> end(asked, 200, body.slice(0, body.length() / 2));
            case LATE -> vertx.setTimer(LATE_MILLIS, late -> end(asked, status, body));
            case REPEATED -> end(asked, 200, before);
            case THROTTLED -> {
                asked.response().putHeader("Retry-After", "1");
                end(asked, 429, Buffer.buffer("{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"wait\"}}"));
            }
            case FAILED -> end(asked, 502, Buffer.buffer("<html>Bad gateway</html>"));
            case HTML -> end(asked, 200, Buffer.buffer("<html>Sign in</html>"));
            case UNPROCESSED -> {
                asked.response().putHeader("Retry-After", "1");
                end(
                        asked,
                        202,
                        Buffer.buffer("{\"error\":{\"code\":\"ProcessingNotCompleted\",\"message\":\"wait\"}}"));
            }
        }
        return null;
    }

    private static void end(HttpServerRequest asked, int status, Buffer body) {
        if (!asked.response().closed()) {
            asked.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json; charset=utf-8")
                    .end(body);
        }
    }

    // Each kind comes once before any comes again; what cannot be done here is for a later answer.
    private synchronized Fault fault(boolean repeatable) {
        if (dice.nextInt(100) >= percent) {
            return null;
        }
        if (next.isEmpty()) {
            next.addAll(List.of(Fault.values()));
            Collections.shuffle(next, dice);
        }
        Fault fault = next.get(0) == Fault.REPEATED && !repeatable ? next.get(next.size() - 1) : next.get(0);
        if (fault == Fault.REPEATED && !repeatable) {
            return null;
        }
        next.remove(fault);
        return fault;
    }

    private synchronized void count(Fault fault) {
        injected.merge(fault, 1, Integer::sum);
    }
}
