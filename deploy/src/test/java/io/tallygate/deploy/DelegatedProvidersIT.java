package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.collect.CollectSource;
import io.tallygate.gateway.collect.CollectSources;
import io.tallygate.gateway.collect.SourceAccess;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.collect.SourceDirectory;
import io.tallygate.gateway.collect.SourceOrigin;
import io.tallygate.gateway.collect.SourceType;
import io.tallygate.routing.registration.RegistrationStore;
import io.tallygate.store.Database;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.audit.Actor;
import io.tallygate.store.directory.ProviderStore;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.SubscriptionStore;
import io.tallygate.store.testing.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stamp with delegated providers, which gives each provider the usage of its direct tenants alone. */
class DelegatedProvidersIT {
    private static final UUID OPERATOR = new UUID(0, 1);
    private static final UUID RESELLER = new UUID(0, 2);
    private static final UUID OTHER = new UUID(0, 3);
    private static final UUID OWN_TENANT = new UUID(0, 4);
    private static final UUID RESELLERS_TENANT = new UUID(0, 5);
    private static final UUID OTHERS_TENANT = new UUID(0, 6);
    private static final int PAGE = 2;
    private static final int RESOURCES = 5;
    private static final String USAGE =
            "select subscription_id, count(*), sum(quantity) from usage_record group by 1 order by 1";

    private final Instant day = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);
    private final Vertx vertx = Vertx.vertx();
    // A subscription's provider.
    private final Map<UUID, UUID> served = new ConcurrentHashMap<>(Map.of(
            RESELLER, OPERATOR,
            OTHER, OPERATOR,
            OWN_TENANT, OPERATOR,
            RESELLERS_TENANT, RESELLER,
            OTHERS_TENANT, OTHER));
    private volatile UUID unreadable;
    private HttpServer stamp;
    private TestGateway gateway;
    private SourceConfig config;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        stamp = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .await();
        Files.writeString(directory.resolve("token"), "t");
    }

    @AfterEach
    void stop() {
        gateway.close();
        vertx.close().await();
    }

    private void answer(HttpServerRequest request) {
        UUID provider = UUID.fromString(request.path().split("/", -1)[2]);
        if (provider.equals(unreadable)) {
            request.response().setStatusCode(403).end("{\"error\":{\"code\":\"AuthorizationFailed\"}}");
            return;
        }
        int from = request.getParam("continuationToken") == null
                ? 0
                : Integer.parseInt(request.getParam("continuationToken"));
        List<JsonObject> all = request.path().endsWith("/subscriptions")
                ? served.keySet().stream().sorted().map(this::subscription).toList()
                : usage(
                        provider,
                        Instant.parse(request.getParam("reportedStartTime").replace("+00:00", "Z")));
        JsonObject page =
                new JsonObject().put("value", new JsonArray(all.subList(from, Math.min(all.size(), from + PAGE))));
        if (from + PAGE < all.size()) {
            page.put("nextLink", Integer.toString(from + PAGE));
        }
        request.response().putHeader("Content-Type", "application/json").end(page.encode());
    }

    private JsonObject subscription(UUID id) {
        return new JsonObject()
                .put("subscriptionId", id.toString())
                .put("tenantId", new UUID(1, id.getLeastSignificantBits()).toString())
                .put("displayName", "S" + id.getLeastSignificantBits())
                .put("owner", "o@example.com")
                .put("state", "Enabled")
                .put("delegatedProviderSubscriptionId", served.get(id).toString());
    }

    private List<JsonObject> usage(UUID provider, Instant reported) {
        return served.keySet().stream()
                .sorted()
                .filter(id -> served.get(id).equals(provider) && reported.equals(day))
                .flatMap(id -> IntStream.range(0, RESOURCES).mapToObj(resource -> row(id, resource)))
                .toList();
    }

    private JsonObject row(UUID subscription, int resource) {
        JsonObject instance = new JsonObject()
                .put(
                        "Microsoft.Resources",
                        new JsonObject().put("resourceUri", "/r/" + resource).put("location", "local"));
        return new JsonObject()
                .put(
                        "properties",
                        new JsonObject()
                                .put("subscriptionId", subscription.toString())
                                .put("meterId", TestWorld.CORE_HOURS)
                                .put("usageStartTime", day.toString())
                                .put(
                                        "usageEndTime",
                                        day.plus(1, ChronoUnit.HOURS).toString())
                                .put("quantity", resource + 1)
                                .put("instanceData", instance.encode()));
    }

    private void collect(Set<SubscriptionId> without) {
        config = new SourceConfig(
                "stamp",
                "here",
                AggregationGranularity.Hourly,
                Duration.ZERO,
                Optional.of(day),
                2,
                Duration.ofSeconds(10),
                Optional.empty(),
                new SourceOrigin.Stamp(
                        SourceType.azureStackHub,
                        URI.create("http://127.0.0.1:" + stamp.actualPort()),
                        new SubscriptionId(OPERATOR),
                        new SourceAccess.TokenFile(directory.resolve("token")),
                        without));
        gateway = TestGateway.collecting(TestPostgres.fresh(), config);
        new TestWorld(gateway).registration(UUID.randomUUID(), "here");
    }

    private JsonNode status() {
        return HttpCaller.operator(gateway).get("/sources").json().at("/value/0");
    }

    private void awaitComplete() {
        String through = Instant.now().truncatedTo(ChronoUnit.DAYS).toString().replace("Z", "+00:00");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> status().path("completeThrough").asText().equals(through)
                        && gateway.postgres()
                                .query("select count(*) from quarantined_record")
                                .equals(List.of("0")));
    }

    private static String used(UUID subscription) {
        return subscription + "|" + RESOURCES + "|15.000000000000000";
    }

    @Test
    void theUsageOfEachProvidersTenantsIsCollectedAndOneThatMovesThereMovesHere() {
        collect(Set.of());
        awaitComplete();
        assertThat(gateway.postgres().query(USAGE))
                .containsExactly(
                        used(RESELLER), used(OTHER), used(OWN_TENANT), used(RESELLERS_TENANT), used(OTHERS_TENANT));
        assertThat(status().at("/counts/rows").asInt()).isEqualTo(5 * RESOURCES);
        String of = "select provider_subscription_id from subscription where subscription_id = '%s'";
        assertThat(gateway.postgres().query(of.formatted(RESELLERS_TENANT))).containsExactly(RESELLER.toString());
        assertThat(gateway.postgres().query(of.formatted(RESELLER)))
                .containsExactly(TestGateway.OPERATOR_SUBSCRIPTION.toString());

        String scheduled = "select provider_subscription_id, recorded_by from subscription_provider"
                + " where subscription_id = '" + RESELLERS_TENANT + "' and effective_from > clock_timestamp()";
        served.put(RESELLERS_TENANT, OTHER);
        learn();
        assertThat(gateway.postgres().query(scheduled)).containsExactly(OTHER + "|collect:stamp");
        learn();
        assertThat(gateway.postgres().query(scheduled)).hasSize(1);
        served.put(RESELLERS_TENANT, RESELLER);
        learn();
        assertThat(gateway.postgres().query(scheduled)).isEmpty();
        assertThat(gateway.postgres()
                        .query("select count(*) from audit_entry where action = 'subscription.put' and target ="
                                + " '/subscriptions/" + RESELLERS_TENANT + "'"))
                .as("put, moved, taken back")
                .containsExactly("3");
    }

    // As the gateway does itself each hour.
    private void learn() {
        Database database = Database.open(vertx, gateway.postgres().config());
        CollectSource source = CollectSources.of(vertx, config, TestGateway.OPERATOR_SUBSCRIPTION);
        SourceDirectory directory = new SourceDirectory(
                config,
                source,
                new SubscriptionStore(database),
                new ProviderStore(database),
                new RegistrationStore(database),
                TestGateway.OPERATOR_SUBSCRIPTION,
                new Actor(UUID.randomUUID(), "collect:stamp", "collect"));
        directory
                .refresh(Long.parseLong(gateway.postgres()
                        .query("select registration_id from registration")
                        .get(0)))
                .await();
        source.close().await();
        database.close().await();
    }

    @Test
    void aProviderThatMayNotBeReadKeepsItsWindowOpenUnlessItIsLeftOut() {
        unreadable = OTHER;
        collect(Set.of());
        await().atMost(Duration.ofMinutes(1))
                .until(() -> status().path("failure").asText().contains(OTHER.toString()));
        assertThat(status().path("completeThrough").asText())
                .isEqualTo(day.toString().replace("Z", "+00:00"));
        gateway.close();

        collect(Set.of(new SubscriptionId(OTHER)));
        awaitComplete();
        assertThat(gateway.postgres().query(USAGE))
                .containsExactly(used(RESELLER), used(OTHER), used(OWN_TENANT), used(RESELLERS_TENANT));
        assertThat(gateway.postgres()
                        .query("select count(*) from subscription where subscription_id = '" + OTHERS_TENANT + "'"))
                .containsExactly("0");
    }
}
