package io.tallygate.gateway.collect;

import static io.tallygate.gateway.collect.ScriptedSource.answer;
import static io.tallygate.gateway.testing.FakeCloudKitty.point;
import static io.tallygate.store.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.ScriptedSource.Script;
import io.tallygate.gateway.collect.SourceException.Kind;
import io.tallygate.gateway.testing.FakeCloudKitty;
import io.tallygate.gateway.testing.FakeCloudKitty.Asked;
import io.tallygate.routing.outbound.KeystoneCredentials.ApplicationCredential;
import io.tallygate.routing.outbound.KeystoneCredentials.Identity;
import io.tallygate.routing.outbound.KeystoneCredentials.Password;
import io.tallygate.store.aggregate.AggregationGranularity;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CloudKitty's and Keystone's APIs, well and badly behaved: a page is whole, or a failure that says what it is. */
class CloudKittySourceIT {
    private static final Instant HOUR = Instant.parse("2026-11-20T12:00:00Z");
    private static final UsageWindow WINDOW = new UsageWindow(HOUR, HOUR.plusSeconds(3600));
    private static final String PROJECT = FakeCloudKitty.LAGGARD;
    private static final String DOMAIN = "1bc2169ca88e4cdaaba46d4c15390b65";
    private static final String SECRET = "rEaqvJka48mpv";
    private static final UUID TENANT = new UUID(0, 7);
    private static final SubscriptionId OPERATOR = new SubscriptionId(new UUID(0, 1));

    private final FakeCloudKitty kitty = new FakeCloudKitty();

    @AfterEach
    void close() {
        kitty.close();
    }

    private CollectSource source() {
        return source(new ApplicationCredential("423f19a4", SECRET));
    }

    private CollectSource source(Identity identity) {
        return CollectSources.of(
                kitty.vertx(),
                new SourceConfig(
                        "openstack",
                        "registration",
                        AggregationGranularity.Hourly,
                        Duration.ofHours(3),
                        Optional.empty(),
                        2,
                        Duration.ofSeconds(30),
                        Optional.empty(),
                        new SourceOrigin.CloudKitty(
                                kitty.url(),
                                new SourceAccess.Keystone(kitty.url(), identity),
                                Optional.empty(),
                                Map.of(),
                                Map.of("default", new TenantId(TENANT)))),
                OPERATOR);
    }

    private static SourceException failure(Future<?> future) {
        try {
            Object got = await(future);
            throw new AssertionError("expected a failure, got " + got);
        } catch (SourceException expected) {
            assertThat(expected.getMessage()).isNotBlank().doesNotContain("\n", SECRET, "token-1", "token-2");
            return expected;
        }
    }

    private SourceException failure() {
        return failure(source().page(WINDOW, Optional.empty()));
    }

    private static List<String> resources(CollectSource source) {
        List<String> found = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            SourcePage page = await(source.page(WINDOW, next));
            page.rows()
                    .forEach(row -> found.add(row.at("/properties/instanceData/Microsoft.Resources/resourceUri")
                            .asText()
                            .replaceFirst(".*/", "")));
            next = page.next();
        } while (next.isPresent());
        return found;
    }

    private void points(int count) {
        for (int i = 0; i < count; i++) {
            kitty.add(HOUR, "instance", point(PROJECT, "vm" + i, "1.0"));
        }
    }

    @Test
    void asksAsIsDocumentedAndKeepsDecimals() {
        kitty.add(HOUR, "instance", point(PROJECT, "vm", "12345678901234567890.000000000000001"));
        JsonNode row =
                await(source().page(WINDOW, Optional.empty())).rows().get(0).path("properties");
        assertThat(row.path("quantity").decimalValue()).isEqualTo("12345678901234567890.000000000000001");
        assertThat(row.path("subscriptionId").asText()).isEqualTo("0c4e939a-cacf-4376-bdcd-1129f1a054ad");
        assertThat(kitty.asked())
                .containsExactly(
                        new Asked(
                                "/v3/auth/tokens?nocatalog",
                                null,
                                "{\"auth\":{\"identity\":{\"methods\":[\"application_credential\"],"
                                        + "\"application_credential\":{\"id\":\"423f19a4\",\"secret\":\"" + SECRET
                                        + "\"}}}}"),
                        new Asked("/v2/scope?offset=0&limit=1000", "token-1", ""),
                        new Asked(
                                "/v2/dataframes?begin=2026-11-20T12:00:00Z&end=2026-11-20T13:00:00Z&offset=0&limit=5000",
                                "token-1",
                                ""));
    }

    @Test
    void aUserAsksInAProject() {
        points(1);
        assertThat(resources(source(new Password("me", "Default", SECRET, "admin", "Ops"))))
                .containsExactly("vm0");
        assertThat(kitty.asked().get(0).body())
                .isEqualTo(
                        "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"me\","
                                + "\"domain\":{\"name\":\"Default\"},\"password\":\"" + SECRET
                                + "\"}}},\"scope\":{\"project\":{\"name\":\"admin\",\"domain\":{\"name\":\"Ops\"}}}}}");
    }

    @Test
    void pageOneIsNotTheEndAndATotalOfTenThousandIsNeither() {
        points(10_001);
        // OpenSearch counts no further.
        UnaryOperator<String> capped = page -> page.replace("\"total\":10001", "\"total\":10000");
        kitty.edit(capped);
        kitty.edit(capped);
        kitty.edit(capped);
        assertThat(resources(source())).hasSize(10_001).doesNotHaveDuplicates();
        assertThat(kitty.asked("/v2/scope")).as("once a window").hasSize(1);
    }

    @Test
    void pagesThatDoNotBelongTogetherAreRefused() {
        points(5_002);
        CollectSource source = source();
        SourcePage first = await(source.page(WINDOW, Optional.empty()));
        assertThat(first.rows()).hasSize(5_000);

        kitty.edit(page -> page.replace("\"total\":5002", "\"total\":5001"));
        assertThat(failure(source.page(WINDOW, first.next()))).hasMessageContaining("`total` is 5001, and was 5002");
        kitty.edit(page -> page.replace("," + point(PROJECT, "vm5001", "1.0"), ""));
        assertThat(failure(source.page(WINDOW, first.next())))
                .hasMessage("expected 2 points from 5000 of 5002, found 1");
        kitty.next(request -> answer(404, "{\"message\":\"No resource found for provided filters.\"}")
                .answer(request));
        assertThat(failure(source.page(WINDOW, first.next())).kind()).isEqualTo(Kind.Malformed);
        assertThat(await(source.page(WINDOW, first.next())).rows()).hasSize(2);
    }

    @Test
    void aPageThatComesOnceMoreIsRefused() {
        points(15_000);
        CollectSource source = source();
        List<String> before = new ArrayList<>();
        kitty.edit(page -> {
            before.add(page);
            return page;
        });
        SourcePage first = await(source.page(WINDOW, Optional.empty()));
        SourcePage second = await(source.page(WINDOW, first.next()));
        for (SourcePage page : List.of(first, second)) {
            kitty.edit(answer -> before.get(0));
            assertThat(failure(source.page(WINDOW, page.next()))).hasMessage("a page before came once more");
        }
    }

    @Test
    void nothingIsAnEmptyPageAndAnotherAddressIsNot() {
        assertThat(resources(source())).isEmpty();
        kitty.next(request ->
                answer(404, "{\"message\":\"The requested URL was not found\"}").answer(request));
        assertThat(failure().kind()).isEqualTo(Kind.Malformed);
        kitty.next(request -> answer(404, "<html>").answer(request));
        assertThat(failure().kind()).isEqualTo(Kind.Malformed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"total\":1,\"dataframes\":[",
                "{\"total\":1,\"dataframes\":[]}",
                "{\"dataframes\":[]}",
                "{\"total\":\"1\",\"dataframes\":[]}",
                "{\"total\":1e99,\"dataframes\":[]}",
                "{\"total\":99999999999999999999,\"dataframes\":[]}",
                "{\"total\":0,\"total\":0,\"dataframes\":[]}",
                "{\"total\":0,\"dataframes\":null}",
                "{\"total\":0,\"dataframes\":[1]}",
                "{\"total\":0,\"dataframes\":[{\"usage\":{}}]}",
                "{\"total\":0,\"dataframes\":[{\"period\":{\"begin\":\"2026-11-20T12:00:00Z\",\"end\":1},\"usage\":{}}]}",
                "{\"total\":0,\"dataframes\":[{\"period\":{\"begin\":\"2026-11-20T11:00:00Z\",\"end\":\"2026-11-20T12:00:00Z\"},"
                        + "\"usage\":{}}]}",
                "{\"total\":0,\"dataframes\":[{\"period\":{\"begin\":\"2026-11-20T12:00:00Z\",\"end\":\"2026-11-20T13:00:00Z\"}}]}",
                "{\"total\":0,\"dataframes\":[{\"period\":{\"begin\":\"2026-11-20T12:00:00Z\",\"end\":\"2026-11-20T13:00:00Z\"},"
                        + "\"usage\":{\"x\":{}}}]}",
                "{\"total\":0,\"dataframes\":[{\"period\":{\"begin\":\"2026-11-20T12:00:00Z\",\"end\":\"2026-11-20T13:00:00Z\"},"
                        + "\"usage\":{\"x\":[1]}}]}",
                "{\"total\":NaN,\"dataframes\":[]}",
                "<html>Sign in</html>",
                ""
            })
    void whatIsNoWholePageIsAFailureAndThenAskedForAgain(String body) {
        points(1);
        CollectSource source = source();
        kitty.next(request -> answer(200, body).answer(request));
        assertThat(failure(source.page(WINDOW, Optional.empty())).kind()).isEqualTo(Kind.Malformed);
        assertThat(resources(source)).containsExactly("vm0");
    }

    private record Trouble(String name, Script answer, Kind kind) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Trouble> troubles() {
        return List.of(
                new Trouble("429", answer(429, "", "Retry-After: 7"), Kind.Throttled),
                new Trouble("503 with a wish", answer(503, "", "Retry-After: 7"), Kind.Throttled),
                new Trouble("503", answer(503, "<html>"), Kind.Away),
                new Trouble("500", answer(500, "{\"message\":\"Internal Server Error\"}"), Kind.Away),
                new Trouble("400", answer(400, "{\"message\":\"Invalid data\"}"), Kind.Malformed),
                new Trouble("302", answer(302, "", "Location: http://127.0.0.1:1/"), Kind.Malformed),
                new Trouble(
                        "cut",
                        request -> request.response()
                                .putHeader("Content-Length", "1000")
                                .write("{\"total\":1")
                                .onComplete(sent -> request.connection().close()),
                        Kind.Away));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void troubleIsToldByItsKind(Trouble trouble) {
        kitty.next(trouble.answer()::answer);
        SourceException failure = failure();
        assertThat(failure.kind()).isEqualTo(trouble.kind());
        assertThat(failure.retryAfter().isPresent()).isEqualTo(trouble.kind() == Kind.Throttled);
    }

    @Test
    void aTokenThatIsNotTakenIsFetchedAnewOnce() {
        points(1);
        CollectSource source = source();
        assertThat(resources(source)).hasSize(1);
        Script refusal = answer(401, "{\"error\":{\"code\":401,\"message\":\"token-2 " + SECRET + "\"}}");
        kitty.next(refusal::answer);
        assertThat(resources(source)).hasSize(1);
        assertThat(kitty.asked("/v2/dataframes").stream().map(Asked::token))
                .containsExactly("token-1", "token-1", "token-2");

        kitty.next(refusal::answer);
        kitty.next(answer(401, "{\"error\":{\"code\":401,\"message\":\"token-3 " + SECRET + "\"}}")::answer);
        SourceException refused = failure(source.page(WINDOW, Optional.empty()));
        assertThat(refused.kind()).isEqualTo(Kind.Unauthorized);
        assertThat(refused).hasMessage("HTTP 401 401 *** ***");
    }

    @Test
    void aTokenThatHasExpiredIsNotSentOnceMore() {
        points(1);
        kitty.lifetime(Duration.ZERO);
        assertThat(resources(source())).hasSize(1);
        assertThat(kitty.asked().stream().map(Asked::token)).containsExactly(null, "token-1", null, "token-2");
    }

    @Test
    void whatIsNotRatedYetIsNotTakenForNothing() {
        points(1);
        kitty.rated(WINDOW.to().minusSeconds(1));
        assertThat(failure().kind()).isEqualTo(Kind.NotProcessed);
        // CloudKitty catches up with one project after the other.
        kitty.rated(WINDOW.to(), WINDOW.to().minusSeconds(3600));
        kitty.projects(projects(project(PROJECT, DOMAIN, true), project("gone-0", DOMAIN, false)));
        assertThat(failure()).hasMessage("it has rated not all of " + PROJECT + " so far");
        kitty.projects(projects(project(PROJECT, DOMAIN, false)));
        assertThat(resources(source()))
                .as("of who is disabled nothing is rated")
                .hasSize(1);
        kitty.asked().clear();
        kitty.rated();
        assertThat(failure().kind()).isEqualTo(Kind.NotProcessed);
        assertThat(kitty.asked("/v2/dataframes")).isEmpty();
        kitty.rated(WINDOW.to());
        assertThat(resources(source())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"/v3/auth/tokens, 401, Unauthorized", "/v3/auth/tokens, 500, Away", "/v2/scope, 403, Unauthorized"})
    void withoutATokenOrARoleNothingIsAsked(String path, int status, Kind kind) {
        points(1);
        kitty.refuse(path, status, "{\"error\":{\"code\":1,\"message\":\"no " + SECRET + "\"}}");
        assertThat(failure().kind()).isEqualTo(kind);
        assertThat(kitty.asked("/v2/dataframes")).isEmpty();
    }

    private static JsonObject project(String id, String domain, boolean enabled) {
        return new JsonObject()
                .put("is_domain", false)
                .put("domain_id", domain)
                .put("enabled", enabled)
                .put("id", id)
                .put("name", "project of " + domain);
    }

    private static JsonObject projects(JsonObject... projects) {
        return new JsonObject().put("projects", new JsonArray(List.of(projects)));
    }

    @Test
    void projectsAreSubscriptionsOfTheirDomains() {
        kitty.projects(
                projects(project(PROJECT, DOMAIN, true), project("service", DOMAIN, true)),
                projects(
                        project("0cbd49cbf76d405d9c86562e1d579bd3", "default", false),
                        project("2db68fed84324f29bb73130c6c2094fb", "heat", true),
                        project(DOMAIN, "default", true).put("is_domain", true)));
        assertThat(await(source().subscriptions()))
                .extracting(
                        each -> each.id().toString(),
                        each -> each.tenant().toString(),
                        SourceSubscription::displayName,
                        SourceSubscription::state,
                        SourceSubscription::provider)
                .containsExactly(
                        tuple(
                                "0c4e939a-cacf-4376-bdcd-1129f1a054ad",
                                "1bc2169c-a88e-4cda-aba4-6d4c15390b65",
                                "project of " + DOMAIN,
                                Subscription.State.Enabled,
                                OPERATOR),
                        tuple(
                                "0cbd49cb-f76d-405d-9c86-562e1d579bd3",
                                TENANT.toString(),
                                "project of default",
                                Subscription.State.Disabled,
                                OPERATOR));
        assertThat(kitty.asked("/v3/projects").stream().map(Asked::uri))
                .containsExactly("/v3/projects", "/v3/projects?marker=1");
    }

    @Test
    void someProjectsAreNotAll() {
        kitty.projects(projects(project(PROJECT, DOMAIN, true)).put("truncated", true));
        assertThat(failure(source().subscriptions())).hasMessageContaining("list_limit");
    }

    @Test
    void secretsAreInNoText() {
        assertThat(List.of(
                        new ApplicationCredential("id", SECRET), new Password("me", "Default", SECRET, "p", "Default")))
                .asString()
                .doesNotContain(SECRET);
    }
}
