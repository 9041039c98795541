package io.tallygate.deploy.faults;

import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestIdentity;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Constant load that forgives nothing: pages, single events, and long streams both ways. Whatever is not answered in full and
 * with 200 is a failure; nothing is sent again.
 */
final class StrictLoad {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int UPLOAD_LINES = 60;

    private final URI url;
    private final World world;
    private final String token = TestIdentity.get().token(TestIdentity.OPERATOR, Role.values());
    private final Map<String, AtomicLong> answered = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private volatile boolean stopped;

    StrictLoad(URI url, World world) {
        this.url = url;
        this.world = world;
    }

    /** Reports so many resources for the first hour; to be sealed before the load starts. */
    void fill(int rows) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            SubscriptionId subscription = world.subscriptions.get(i % world.subscriptions.size());
            lines.append(TestWorld.event("fill-" + i, subscription, World.METERS.get(0), "0.5", world.firstHour)
                    .replace("virtualMachines/vm", "virtualMachines/vm-" + i));
        }
        HttpResponse<String> answer = send(
                client(HttpClient.Version.HTTP_1_1),
                request("/usage/records?reportedAt=usage-hour")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
                        .build());
        expect(answer, "\"totals\"");
    }

    /** Fails while what was filled in cannot be read. */
    void requireSealed() throws Exception {
        page(client(HttpClient.Version.HTTP_1_1));
    }

    /** Starts it, where so many rows were filled in. */
    void start(int rows) {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            run("pages " + version, client(version), this::page);
            run("events " + version, client(version), this::event);
            run("uploads " + version, client(version), this::upload);
            run("downloads " + version, client(version), client -> download(client, rows));
        }
    }

    /** What was answered, by kind. */
    Map<String, AtomicLong> answered() {
        return answered;
    }

    Queue<String> failures() {
        return failures;
    }

    /** Lets everything end. */
    void finish() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join(120_000);
        }
    }

    private interface Work {
        void with(HttpClient client) throws Exception;
    }

    private void run(String kind, HttpClient client, Work work) {
        AtomicLong count = answered.computeIfAbsent(kind, none -> new AtomicLong());
        Thread thread = new Thread(() -> {
            while (!stopped) {
                attempt(kind, () -> {
                    work.with(client);
                    return count.incrementAndGet();
                });
                Moments.pass(50);
            }
        });
        threads.add(thread);
        thread.start();
    }

    private void attempt(String kind, Callable<Long> work) {
        try {
            work.call();
        } catch (Exception | AssertionError failed) {
            failures.add(Instant.now() + " " + kind + ": " + failed);
        }
    }

    private void page(HttpClient client) throws Exception {
        expect(send(client, usage().build()), "\"value\"");
    }

    private void event(HttpClient client) throws Exception {
        expect(
                send(
                        client,
                        request("/usage/records")
                                .header("Content-Type", "application/cloudevents+json")
                                .POST(HttpRequest.BodyPublishers.ofString(line()))
                                .build()),
                "ccepted");
    }

    private void upload(HttpClient client) throws Exception {
        PipedOutputStream lines = new PipedOutputStream();
        InputStream body = new PipedInputStream(lines, 1 << 16);
        Thread writer = new Thread(() -> {
            try (lines) {
                for (int i = 0; i < UPLOAD_LINES; i++) {
                    lines.write(line().getBytes(StandardCharsets.UTF_8));
                    lines.flush();
                    Moments.pass(100);
                }
            } catch (IOException broken) {
                failures.add("writing an upload: " + broken);
            }
        });
        writer.start();
        HttpResponse<String> answer = client.send(
                request("/usage/records?outcomes=all")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        writer.join();
        expect(answer, "\"totals\"");
        long accepted = answer.body()
                .lines()
                .filter(line -> line.contains("\"outcome\":\"Accepted\""))
                .count();
        if (accepted != UPLOAD_LINES) {
            throw new AssertionError(accepted + " of " + UPLOAD_LINES + " lines: " + answer.body());
        }
    }

    // Slowly: the gateway is held back, and the stream lasts.
    private void download(HttpClient client, int rows) throws Exception {
        HttpResponse<InputStream> answer = client.send(
                usage().header("Accept", "application/x-ndjson").build(), HttpResponse.BodyHandlers.ofInputStream());
        int count = 0;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            while (reader.readLine() != null) {
                if (++count % 100 == 0) {
                    Moments.pass(20);
                }
            }
        }
        if (answer.statusCode() != 200 || count < rows) {
            throw new AssertionError(answer.statusCode() + " after " + count + " rows of " + rows);
        }
    }

    private HttpRequest.Builder usage() {
        return request("/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION
                + "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates?api-version=2015-06-01-preview"
                + "&aggregationGranularity=hourly&reportedStartTime=" + world.firstHour + "&reportedEndTime="
                + world.firstHour.plus(Duration.ofHours(1)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path)).timeout(PATIENCE).header("Authorization", "Bearer " + token);
    }

    private String line() {
        long id = ids.incrementAndGet();
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
        SubscriptionId subscription = world.subscriptions.get((int) (id % world.subscriptions.size()));
        return TestWorld.event("load-" + id, subscription, World.METERS.get(0), "0.125", hour);
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void expect(HttpResponse<String> answer, String text) {
        if (answer.statusCode() != 200 || !answer.body().contains(text)) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(TestIdentity.get().tls())
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }
}
