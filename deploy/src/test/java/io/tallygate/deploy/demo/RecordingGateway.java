package io.tallygate.deploy.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyStore;
import java.text.ParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Stands for the gateway: takes what the demo sends as WIRE says, remembers it, and seals a day at each question. */
final class RecordingGateway implements RunningGateway {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What was asked for, one line each: method, path, roles of the caller, body of a PUT. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    final Set<String> identities = new HashSet<>();

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SamplePeriod period;
    private final Predicate<String> refuses;
    private int busyAnswers;
    private int sealedDays = -1;

    /**
     * Starts it on a free port.
     *
     * @param refuses the records that it quarantines
     * @param busyAnswers how many requests it first turns away
     */
    RecordingGateway(ServerCertificate certificate, SamplePeriod period, Predicate<String> refuses, int busyAnswers)
            throws Exception {
        this.period = period;
        this.refuses = refuses;
        this.busyAnswers = busyAnswers;
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(certificate)));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @Override
    public URI baseUrl() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    @Override
    public URI managementUrl() {
        return URI.create("http://localhost:1");
    }

    @Override
    public synchronized void startBackgroundWork() {
        calls.add("startBackgroundWork");
        sealedDays = 0;
    }

    @Override
    public void close() {
        calls.add("close");
        server.stop(0);
        threads.shutdown();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            if (busyAnswers > 0) {
                busyAnswers--;
                exchange.getRequestBody().readAllBytes();
                reply(exchange, 429, "{}");
            } else if (exchange.getRequestMethod().equals("PUT")) {
                String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                calls.add("PUT " + path + " " + roles(exchange) + " " + body);
                reply(exchange, 200, body);
            } else if (path.startsWith("/usage/records")) {
                calls.add("POST " + path + " " + roles(exchange));
                reply(exchange, 200, ingest(exchange));
            } else {
                calls.add("GET " + path + " " + roles(exchange));
                reply(exchange, 200, windows());
            }
        }
    }

    private String ingest(HttpExchange exchange) throws IOException {
        long lines = 0;
        long accepted = 0;
        long refused = 0;
        BufferedReader reader = new BufferedReader(new InputStreamReader(exchange.getRequestBody(), UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines++;
            if (refuses.test(line)) {
                refused++;
                continue;
            }
            JsonNode event = JSON.readTree(line);
            accepted += identities.add(event.path("source").asText() + " "
                            + event.path("id").asText())
                    ? 1
                    : 0;
        }
        String reason = refused == 0 ? "" : "{\"line\":1,\"outcome\":\"Quarantined\",\"code\":\"MeterUnknown\"}\n";
        return reason + "{\"totals\":{\"lines\":" + lines + ",\"Accepted\":" + accepted + ",\"Duplicate\":"
                + (lines - accepted - refused) + ",\"Quarantined\":" + refused + "}}\n";
    }

    private String windows() {
        if (sealedDays < 0) {
            return "{\"firstReportedHour\":null,\"sealedThrough\":null,\"dailySealedThrough\":null,"
                    + "\"routedThrough\":null,\"dailyRoutedThrough\":null}";
        }
        sealedDays = Math.min(sealedDays + 5, period.days());
        String sealed = period.day(sealedDays).toString().replace("Z", "+00:00");
        String routed = sealedDays < 10
                ? "null"
                : "\"" + period.day(sealedDays == period.days() ? sealedDays : sealedDays - 5) + "\"";
        return "{\"sealedThrough\":\"" + sealed + "\",\"dailySealedThrough\":\"" + sealed + "\",\"routedThrough\":"
                + routed + ",\"dailyRoutedThrough\":" + routed + "}";
    }

    private static List<String> roles(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
        try {
            return SignedJWT.parse(token).getJWTClaimsSet().getStringListClaim("roles");
        } catch (ParseException e) {
            throw new IOException(e);
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static SSLContext context(ServerCertificate certificate) throws Exception {
        KeyStore keys = certificate.keyStore("test");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "test".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
