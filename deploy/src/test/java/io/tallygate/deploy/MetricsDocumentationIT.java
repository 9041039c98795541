package io.tallygate.deploy;

import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tallygate.deploy.observe.DeliveryMetrics;
import io.tallygate.deploy.observe.Metrics;
import io.tallygate.deploy.observe.MetricsRegistry;
import io.tallygate.deploy.observe.Observation;
import io.tallygate.gateway.admission.Admission;
import io.tallygate.gateway.admission.AdmissionConfig;
import io.tallygate.gateway.audit.Refusal;
import io.tallygate.gateway.http.ClientAddress;
import io.tallygate.gateway.http.ConnectionConfig;
import io.tallygate.gateway.http.Connections;
import io.tallygate.gateway.observe.ObservedRequest;
import io.tallygate.gateway.observe.StreamDirection;
import io.tallygate.gateway.portal.PortalEvent;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.store.Database;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.testing.TestPostgres;
import io.tallygate.store.window.WindowStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The README's metrics are those of the program. */
final class MetricsDocumentationIT {
    private static final Pattern TABLE =
            Pattern.compile("(?<=<!-- metrics -->\n).*(?=<!-- /metrics -->)", Pattern.DOTALL);
    private static final Pattern METRIC =
            Pattern.compile("# HELP (\\S+) (.*)\n# TYPE \\S+ (\\S+)\n\\S+?(?:\\{(.*?)})? ");
    // Those of buckets and quantiles go without saying.
    private static final Pattern LABEL = Pattern.compile("(?!le=|quantile=)\\b(\\w+)=\"");

    @Test
    void theTableIsThatOfTheMetrics() throws IOException, InterruptedException {
        PrometheusMeterRegistry registry = MetricsRegistry.create();
        Vertx vertx = MetricsRegistry.vertx(registry);
        try {
            Database database = Database.open(vertx, TestPostgres.fresh().config());
            Observation observation = new Observation(registry, database, 4, Duration.ofMinutes(1), Clock.systemUTC());
            everythingHappens(observation, vertx);
            await(new WindowStore(database).status());
            await(observation.start(vertx));
            System.gc();
            // What the machine tells of itself comes when it likes.
            Awaitility.await()
                    .until(() -> scraped(observation).contains("jvm_gc_pause_seconds_count")
                            && scraped(observation).contains("tallygate_loop_delay_seconds_count"));

            Matcher documented = TABLE.matcher(Files.readString(Path.of("README.md")));
            assertThat(documented.find()).isTrue();
            assertThat(documented.group()).isEqualTo(table(scraped(observation)));
        } finally {
            await(vertx.close());
        }
    }

    private static String scraped(Observation observation) {
        return observation.metrics().scrape();
    }

    private static void everythingHappens(Observation observation, Vertx vertx)
            throws IOException, InterruptedException {
        Metrics metrics = observation.metrics();
        metrics.access()
                .admission(
                        new Admission(AdmissionConfig.DEFAULT),
                        new Connections(ConnectionConfig.DEFAULT, new ClientAddress(List.of())));
        metrics.access().issuers(List.of(new FixedIssuer("https://login.example", Optional.empty(), 0, 0)));
        metrics.access().refused(new Refusal(403, "notYours", Optional.empty(), "::1"));
        metrics.access().portal(PortalEvent.SIGNED_IN);
        metrics.books().balanced(null, Instant.EPOCH);
        metrics.replica(Map.of("answered", () -> 1));
        observation.figures().endpoint("default", Duration.ofDays(1));
        observation.figures().source("cloud", Duration.ofDays(1));
        observation.files().source("files", Duration.ofDays(1));
        metrics.collect().source("cloud");
        DeliveryMetrics delivery = metrics.delivery();
        delivery.endpoint("default");
        delivery.composed("default", 1);
        delivery.submitted("default", new UUID(1, 1), 1, Duration.ofMillis(1));
        delivery.attempted("default", Outcome.Accepted, 1, null);
        delivery.fenced("default", 1);
        delivery.setAside("default", "OutcomeUnknown", 1);
        delivery.breaker("default", "open");
        delivery.paused("default", Instant.MAX, "no");
        delivery.held("default", new SubscriptionId(new UUID(1, 1)), "no");
        delivery.expiring("default", 1, Duration.ofHours(1));
        requests(metrics, vertx);
    }

    // A request and a stream, of a server that answers nothing else.
    private static void requests(Metrics metrics, Vertx vertx) throws IOException, InterruptedException {
        Router router = Router.router(vertx);
        router.route().handler(ObservedRequest.watch(metrics.requests()));
        router.get("/stream").handler(ctx -> {
            ObservedRequest.of(ctx).streams(StreamDirection.OUT);
            ctx.end();
        });
        router.route().handler(RoutingContext::end);
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0));
        for (String path : List.of("/", "/stream")) {
            HttpRequest asked = HttpRequest.newBuilder(URI.create("http://localhost:" + server.actualPort() + path))
                    .build();
            HttpClient.newHttpClient().send(asked, HttpResponse.BodyHandlers.discarding());
        }
    }

    private static String table(String scraped) {
        Map<String, String> rows = new TreeMap<>();
        METRIC.matcher(scraped).results().forEach(found -> rows.put(found.group(1), row(found)));
        assertThat(rows).hasSize((int)
                scraped.lines().filter(line -> line.startsWith("# TYPE")).count());
        return rows.values().stream()
                .collect(Collectors.joining("", "| metric | type | labels | what it is |\n|---|---|---|---|\n", ""));
    }

    private static String row(MatchResult found) {
        String labels = found.group(4) == null
                ? ""
                : LABEL.matcher(found.group(4))
                        .results()
                        .map(label -> "`" + label.group(1) + "`")
                        .collect(Collectors.joining(", "));
        return "| `" + found.group(1) + "` | " + found.group(3) + " | " + labels + " | " + found.group(2) + " |\n";
    }
}
