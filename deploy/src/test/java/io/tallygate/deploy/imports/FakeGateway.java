package io.tallygate.deploy.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tallygate.deploy.client.ExactJson;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Plays the routes of a gateway that an import uses, and fails as it is told to. */
final class FakeGateway implements AutoCloseable {
    /** Records by identity, in the order in which they became durable. */
    final Map<String, JsonNode> records = new LinkedHashMap<>();
    /** Method, path with query, and token of each request; that of usage with the number of its lines. */
    final List<String> requests = new ArrayList<>();
    /** Bodies of PUT requests by path. */
    final Map<String, JsonNode> directory = new LinkedHashMap<>();
    /** What happens to the next requests for usage; an empty queue means that all is well. */
    final Deque<Failure> failures = new ArrayDeque<>();
    /** Subjects that are not known. */
    final Set<String> unknownSubjects = new HashSet<>();
    /** Paths of meters that somebody else creates with another unit just before a PUT. */
    final Set<String> takenMeters = new HashSet<>();
    /** The catalogue: meters by id, with what {@code GET /meters} tells of them. */
    final Map<String, JsonNode> meters = new LinkedHashMap<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    FakeGateway() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(threads);
        server.createContext("/usage/records", exchange -> serve(exchange, this::usage));
        server.createContext("/", exchange -> serve(exchange, this::other));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The sum of all quantities of a subscription. */
    BigDecimal sum(String subject) {
        return records.values().stream()
                .filter(event -> event.get("subject").asText().equals(subject))
                .map(event -> event.at("/data/quantity").decimalValue())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private synchronized void serve(HttpExchange exchange, Route route) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        try (exchange) {
            route.serve(exchange);
        }
    }

    private void usage(HttpExchange exchange) throws IOException {
        Failure failure = failures.isEmpty() ? Failure.NONE : failures.poll();
        if (failure.status() != 200) {
            exchange.getRequestBody().readAllBytes();
            if (failure.retryAfter() != null) {
                exchange.getResponseHeaders().set("Retry-After", failure.retryAfter());
            }
            answer(exchange, failure.status(), "{\"error\":{\"code\":\"Busy\",\"message\":\"as told\"}}");
            return;
        }
        if (failure.answersFirst() > 0) {
            answerFirst(exchange, failure.answersFirst());
            return;
        }
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        Map<String, Integer> totals = new LinkedHashMap<>();
        int number = 0;
        for (String line : body.lines().toList()) {
            if (++number > failure.durableLines()) {
                write(
                        out,
                        "{\"durableThroughLine\":" + (number - 1) + ",\"error\":{\"code\":\"ServiceUnavailable\"}}\n");
                // Closing it before the end of the chunked body is what a reset looks like to the client.
                return;
            }
            String outcome = take(line);
            totals.merge(outcome, 1, Integer::sum);
            if (!outcome.equals("Accepted") && !outcome.equals("Duplicate")) {
                write(out, refusal(number, line, outcome));
            }
        }
        requests.set(requests.size() - 1, requests.get(requests.size() - 1) + " " + number);
        write(out, totals(number, totals));
        out.close();
    }

    /** Answers at length before it reads: a client that writes everything before it reads stands still here. */
    private static void answerFirst(HttpExchange exchange, int lines) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        for (int line = 1; line <= lines; line++) {
            write(out, "{\"line\":" + line + ",\"outcome\":\"Rejected\",\"message\":\"" + "m".repeat(4_000) + "\"}\n");
        }
        exchange.getRequestBody().readAllBytes();
        write(out, totals(lines, Map.of("Rejected", lines)));
        out.close();
    }

    private static String totals(int lines, Map<String, Integer> totals) {
        ObjectNode answer = ExactJson.MAPPER.createObjectNode();
        ObjectNode counts = answer.putObject("totals").put("lines", lines);
        for (String outcome : ChunkAnswer.OUTCOMES) {
            counts.put(outcome, totals.getOrDefault(outcome, 0));
        }
        return answer + "\n";
    }

    private String take(String line) throws IOException {
        JsonNode event = ExactJson.MAPPER.readTree(line);
        if (!event.hasNonNull("id")) {
            return "Rejected";
        }
        if (unknownSubjects.contains(event.path("subject").asText())) {
            return "Quarantined";
        }
        String identity = event.get("source").asText() + " " + event.get("id").asText();
        JsonNode before = records.putIfAbsent(identity, event);
        if (before == null) {
            return "Accepted";
        }
        return before.equals(event) ? "Duplicate" : "Conflict";
    }

    private static String refusal(int number, String line, String outcome) throws IOException {
        JsonNode event = ExactJson.MAPPER.readTree(line);
        return ExactJson.MAPPER
                        .createObjectNode()
                        .put("line", number)
                        .put("source", event.path("source").asText(null))
                        .put("id", event.path("id").asText(null))
                        .put("outcome", outcome)
                        .put("code", outcome + "Code")
                        .put("message", "the reason for " + number)
                + "\n";
    }

    private void other(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        boolean put = exchange.getRequestMethod().equals("PUT");
        if (put && takenMeters.contains(path)) {
            answer(exchange, 409, "{\"error\":{\"code\":\"Conflict\",\"message\":\"its unit is GB\"}}");
        } else if (put) {
            directory.put(path, ExactJson.MAPPER.readTree(body));
            answer(exchange, 200, "{}");
        } else if (path.equals("/meters")) {
            ObjectNode list = ExactJson.MAPPER.createObjectNode();
            list.putArray("value").addAll(meters.values());
            answer(exchange, 200, list.toString());
        } else if (directory.containsKey(path)) {
            answer(exchange, 200, "{}");
        } else {
            answer(exchange, 404, "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"none\"}}");
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /**
     * What happens to a request for usage.
     *
     * @param durableLines after so many the store fails
     * @param answersFirst so many refusals are written before anything is read
     */
    record Failure(int status, String retryAfter, int durableLines, int answersFirst) {
        static final Failure NONE = new Failure(200, null, Integer.MAX_VALUE, 0);

        static Failure status(int status, String retryAfter) {
            return new Failure(status, retryAfter, 0, 0);
        }

        static Failure storeAfter(int lines) {
            return new Failure(200, null, lines, 0);
        }

        static Failure answersFirst(int lines) {
            return new Failure(200, null, 0, lines);
        }
    }

    private interface Route {
        void serve(HttpExchange exchange) throws IOException;
    }
}
