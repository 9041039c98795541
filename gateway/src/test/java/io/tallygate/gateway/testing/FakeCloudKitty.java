package io.tallygate.gateway.testing;

import static io.tallygate.store.testing.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * An OpenStack over http on a loopback address, as far as it is asked for usage: Keystone's tokens and
 * projects, CloudKitty's states of scopes and dataframes, as they are documented. It answers badly when it
 * is told to.
 */
public final class FakeCloudKitty implements AutoCloseable {
    /** A project. */
    public static final String LAGGARD = "0c4e939acacf4376bdcd1129f1a054ad";

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final List<Point> points = new CopyOnWriteArrayList<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Queue<Consumer<HttpServerRequest>> instead = new ArrayDeque<>();
    private final Queue<UnaryOperator<String>> edits = new ArrayDeque<>();
    private JsonArray scopes = new JsonArray();
    private List<JsonObject> projectPages = List.of();
    private final Map<String, Consumer<HttpServerRequest>> refusals = new ConcurrentHashMap<>();
    private Instant expires = Instant.parse("2018-01-15T22:14:05Z");
    private int issued;

    private record Point(Instant begin, Instant end, String metric, String json) {}

    /** A request, as far as it matters. */
    public record Asked(String uri, String token, String body) {}

    /** With nothing in it, and rated to the year 3000. */
    public FakeCloudKitty() {
        server = await(vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
        rated(Instant.parse("3000-01-01T00:00:00Z"));
    }

    /** On which it runs, for whoever asks it to run there as well. */
    public Vertx vertx() {
        return vertx;
    }

    /** Keystone and CloudKitty are both here. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** Adds a point of an hour: the JSON is all of it. */
    public void add(Instant begin, String metric, String json) {
        add(begin, begin.plus(1, ChronoUnit.HOURS), metric, json);
    }

    /** Adds a point. */
    public void add(Instant begin, Instant end, String metric, String json) {
        points.add(new Point(begin, end, metric, json));
    }

    /** A point of a project, with this quantity. */
    public static String point(String project, String id, String quantity) {
        return "{\"vol\":{\"unit\":\"instance\",\"qty\":" + quantity
                + "},\"rating\":{\"price\":0.04},\"groupby\":{\"id\":\"" + id + "\",\"project_id\":\"" + project
                + "\"},\"metadata\":{\"flavor_name\":\"m1.tiny\"}}";
    }

    /** The last periods that are rated begin then, of the last one of {@link #LAGGARD}. */
    public synchronized void rated(Instant... states) {
        scopes = new JsonArray();
        for (int i = 0; i < states.length; i++) {
            scopes.add(new JsonObject()
                    .put("scope_id", i == states.length - 1 ? LAGGARD : "other-" + i)
                    .put("scope_key", "project_id")
                    .put("last_processed_timestamp", states[i].toString()));
        }
    }

    /** What Keystone lists, page after page; {@code links.next} is put in. */
    public synchronized void projects(JsonObject... pages) {
        projectPages = List.of(pages);
    }

    /** Tokens last so long from now on; else an hour. */
    public synchronized void lifetime(Duration lifetime) {
        expires = Instant.parse("2018-01-15T21:14:05Z").plus(lifetime);
    }

    /** Answers the next request for usage so. */
    public synchronized void next(Consumer<HttpServerRequest> answer) {
        instead.add(answer);
    }

    /** Answers requests for this path so from now on. */
    public void refuse(String path, int status, String body) {
        refusals.put(path, request -> end(request, status, body));
    }

    /** Changes the next page of usage. */
    public synchronized void edit(UnaryOperator<String> change) {
        edits.add(change);
    }

    /** The requests that came. */
    public List<Asked> asked() {
        return asked;
    }

    /** Those whose path begins so. */
    public List<Asked> asked(String path) {
        return asked.stream().filter(each -> each.uri().startsWith(path)).toList();
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            asked.add(new Asked(request.uri(), request.getHeader("X-Auth-Token"), body.toString()));
            refusals.getOrDefault(request.path(), this::answer).accept(request);
        });
    }

    private synchronized void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/v3/auth/tokens" -> token(request);
            case "/v3/projects" -> projects(request);
            case "/v2/scope" -> listed(request, scopes);
            case "/v2/dataframes" -> {
                Consumer<HttpServerRequest> other = instead.poll();
                if (other == null) {
                    dataframes(request);
                } else {
                    other.accept(request);
                }
            }
            default -> end(request, 404, "{\"message\":\"The requested URL was not found on the server.\"}");
        }
    }

    private void token(HttpServerRequest request) {
        request.response().putHeader("X-Subject-Token", "token-" + ++issued);
        end(
                request,
                201,
                "{\"token\":{\"methods\":[\"application_credential\"],\"issued_at\":\"2018-01-15T21:14:05.000000Z\","
                        + "\"expires_at\":\"" + expires + "\"}}");
    }

    private void projects(HttpServerRequest request) {
        String marker = request.getParam("marker");
        int page = marker == null ? 0 : Integer.parseInt(marker);
        JsonObject links = new JsonObject()
                .put("next", page + 1 < projectPages.size() ? url() + "/v3/projects?marker=" + (page + 1) : null);
        end(request, 200, projectPages.get(page).copy().put("links", links).encode());
    }

    private void listed(HttpServerRequest request, JsonArray all) {
        if (all.isEmpty()) {
            nothing(request);
        } else {
            end(request, 200, new JsonObject().put("results", all).encode());
        }
    }

    private void dataframes(HttpServerRequest request) {
        Instant begin = Instant.parse(request.getParam("begin"));
        Instant end = Instant.parse(request.getParam("end"));
        int offset = Integer.parseInt(request.getParam("offset"));
        int limit = Integer.parseInt(request.getParam("limit"));
        List<Point> found = points.stream()
                .filter(point -> !point.begin().isBefore(begin) && point.begin().isBefore(end))
                .sorted(Comparator.comparing(Point::begin))
                .toList();
        if (found.isEmpty()) {
            nothing(request);
            return;
        }
        List<Point> page = found.subList(Math.min(offset, found.size()), Math.min(offset + limit, found.size()));
        String body = "{\"total\":" + found.size() + ",\"dataframes\":[" + frames(page) + "]}";
        UnaryOperator<String> edit = edits.poll();
        end(request, 200, edit == null ? body : edit.apply(body));
    }

    private static String frames(List<Point> page) {
        Map<String, Map<String, List<String>>> frames = new TreeMap<>();
        for (Point point : page) {
            String period = "{\"begin\":\"" + point.begin() + "\",\"end\":\"" + point.end() + "\"}";
            frames.computeIfAbsent(period, first -> new TreeMap<>())
                    .computeIfAbsent(point.metric(), first -> new ArrayList<>())
                    .add(point.json());
        }
        List<String> texts = new ArrayList<>();
        frames.forEach((period, usage) -> {
            List<String> metrics = new ArrayList<>();
            usage.forEach((metric, all) -> metrics.add("\"" + metric + "\":[" + String.join(",", all) + "]"));
            texts.add("{\"period\":" + period + ",\"usage\":{" + String.join(",", metrics) + "}}");
        });
        return String.join(",", texts);
    }

    // As Flask's own routes that are not there do, with a hint behind.
    private static void nothing(HttpServerRequest request) {
        end(
                request,
                404,
                "{\"message\":\"No resource found for provided filters. You have requested this URI [" + request.path()
                        + "] but did you mean " + request.path() + " ?\"}");
    }

    private static void end(HttpServerRequest request, int status, String body) {
        request.response()
                .putHeader("Content-Type", "application/json")
                .setStatusCode(status)
                .end(Buffer.buffer(body));
    }
}
