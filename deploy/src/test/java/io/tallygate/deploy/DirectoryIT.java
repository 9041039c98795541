package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.RawCaller;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.gateway.auth.Role;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients ask for before usage: endpoints, tenants, subscriptions, operations, meters; and their upkeep. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectoryIT {
    private static final String VERSION = "?api-version=2015-11-01";
    private static final String SIGN_IN = "?api-version=2016-06-01";
    private static final String ADMIN = "/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION
            + "/providers/Microsoft.Subscriptions.Admin/subscriptions";

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private TestGateway gateway;
    private TestWorld world;
    private HttpCaller operator;
    private HttpCaller caller;
    private String registration;

    @BeforeAll
    void start() {
        gateway = TestGateway.paused(TestPostgres.fresh());
        world = new TestWorld(gateway);
        operator = HttpCaller.operator(gateway);
        caller = HttpCaller.of(gateway, tenant, Role.USAGE_READ);
        registration = world.registration(UUID.randomUUID(), "north");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private static List<String> texts(Answer answer, String field) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<String> texts = new ArrayList<>();
        answer.json().path("value").forEach(row -> texts.add(row.path(field).asText()));
        return texts;
    }

    private static void assertRefused(Answer answer, int status, String code, String inMessage) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.errorCode()).isEqualTo(code);
        assertThat(answer.json().at("/error/message").asText()).contains(inMessage);
    }

    @Test
    void endpointsAreToldToEveryoneInAnyVersion() {
        HttpCaller anyone = HttpCaller.anonymous(gateway);
        for (String path : List.of(
                "/metadata/endpoints",
                "/metadata/endpoints?api-version=2015-01-01",
                "/METADATA/Endpoints/?api-version=1.0")) {
            JsonNode json = anyone.get(path).json();
            assertThat(json.path("galleryEndpoint").asText())
                    .isEqualTo(gateway.url().toString());
            assertThat(json.path("graphEndpoint").asText()).startsWith("https://");
            assertThat(json.path("portalEndpoint").asText()).startsWith("https://");
            assertThat(json.at("/authentication/loginEndpoint").asText()).startsWith("https://");
            assertThat(json.at("/authentication/audiences/0").asText()).isNotEmpty();
        }
        assertThat(new RawCaller(gateway, null)
                        .sendTo("arm.example.com", "GET", "/metadata/endpoints")
                        .body())
                .contains("\"https://arm.example.com\"");
    }

    @Test
    void operationsAreListed() {
        for (String provider : List.of("Microsoft.Commerce", "Microsoft.Commerce.Admin", "microsoft.azurestack")) {
            Answer answer = caller.get("/providers/" + provider + "/operations?api-version=2015-06-01-preview");
            assertThat(texts(answer, "name")).isNotEmpty().allMatch(name -> name.startsWith("Microsoft."));
            assertThat(answer.json().at("/value/0/display/provider").asText()).startsWith("Microsoft.");
        }
        assertThat(HttpCaller.anonymous(gateway)
                        .get("/providers/Microsoft.Commerce/operations")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void signInListsTheCallersTenantAndItsSubscriptions() {
        SubscriptionId one = world.subscription(tenant);
        SubscriptionId deleted = world.subscription(tenant, ",\"state\":\"Deleted\"");
        world.subscription(new TenantId(UUID.randomUUID()));
        assertThat(texts(caller.get("/tenants?api-version=2016-06-01"), "tenantId"))
                .containsExactly(tenant.toString());
        List<String> listed = texts(caller.get("/subscriptions?api-version=2019-06-01"), "subscriptionId");
        assertThat(listed).contains(one.toString()).doesNotContain(deleted.toString());
        JsonNode json =
                caller.get("/subscriptions/" + one + "?api-version=2016-06-01").json();
        assertThat(json.path("id").asText()).isEqualTo("/subscriptions/" + one);
        assertThat(json.path("tenantId").asText()).isEqualTo(tenant.toString());
        assertThat(json.path("state").asText()).isEqualTo("Enabled");
        assertRefused(
                caller.get("/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION + SIGN_IN),
                403,
                "AuthorizationFailed",
                "does not exist");
        assertThat(caller.get("/subscriptions/" + UUID.randomUUID() + SIGN_IN)
                        .json()
                        .at("/error/message"))
                .isEqualTo(caller.get("/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION + SIGN_IN)
                        .json()
                        .at("/error/message"));
    }

    @Test
    void aSubscriptionIsPutAndKeepsWhatIsLeftOut() {
        UUID id = UUID.randomUUID();
        String body = "{\"subscriptionId\":\"" + id + "\",\"displayName\":\"Ünïcode\",\"owner\":\"a@example.com\","
                + "\"tenantId\":\"" + tenant + "\"}";
        Answer created = operator.put(ADMIN + "/" + id + VERSION, body);
        assertThat(created.status()).as(created.body()).isEqualTo(200);
        JsonNode json = created.json();
        assertThat(json.path("subscriptionId").asText()).isEqualTo(id.toString());
        assertThat(json.path("displayName").asText()).isEqualTo("Ünïcode");
        assertThat(json.path("owner").asText()).isEqualTo("a@example.com");
        assertThat(json.path("tenantId").asText()).isEqualTo(tenant.toString());
        assertThat(json.path("state").asText()).isEqualTo("Enabled");
        assertThat(json.path("delegatedProviderSubscriptionId").asText())
                .isEqualTo(TestGateway.OPERATOR_SUBSCRIPTION.toString());
        assertThat(json.path("registrationId").asText()).isEqualTo(registration);
        assertThat(operator.put(ADMIN + "/" + id + VERSION, body).body()).isEqualTo(created.body());

        Answer disabled = operator.put(ADMIN + "/" + id + VERSION, "{\"state\":\"disabled\"}");
        assertThat(disabled.json().path("state").asText()).isEqualTo("Disabled");
        assertThat(disabled.json().path("displayName").asText()).isEqualTo("Ünïcode");
        assertThat(operator.get(ADMIN + "/" + id + VERSION).body()).isEqualTo(disabled.body());
        assertThat(texts(operator.get(ADMIN + VERSION), "subscriptionId"))
                .contains(id.toString(), TestGateway.OPERATOR_SUBSCRIPTION.toString());
    }

    @Test
    void aSubscriptionNeverChangesItsTenant() {
        SubscriptionId id = world.subscription(tenant);
        assertRefused(
                operator.put(ADMIN + "/" + id + VERSION, "{\"tenantId\":\"" + UUID.randomUUID() + "\"}"),
                409,
                "Conflict",
                "`tenantId`");
    }

    @Test
    void aSubscriptionMovesToAnotherProviderWithAMidnightThatIsToCome() {
        SubscriptionId distributor = world.subscription(tenant);
        SubscriptionId reseller = world.subscription(tenant, under(distributor, ""));
        SubscriptionId id = world.subscription(tenant, under(distributor, ""));
        String path = ADMIN + "/" + id + VERSION;
        assertThat(operator.get(path).json().has("scheduled")).isFalse();

        Answer moved = operator.put(path, "{" + under(reseller, "").substring(1) + "}");
        assertThat(moved.status()).as(moved.body()).isEqualTo(200);
        assertThat(moved.json().path("delegatedProviderSubscriptionId").asText())
                .isEqualTo(distributor.toString());
        JsonNode scheduled = moved.json().path("scheduled");
        assertThat(scheduled.path("delegatedProviderSubscriptionId").asText()).isEqualTo(reseller.toString());
        String from = scheduled.path("effectiveFrom").asText();
        assertThat(from).endsWith("T00:00:00+00:00").isGreaterThan(Instant.now().toString());
        assertThat(operator.get(ADMIN + VERSION).json().path("value"))
                .filteredOn(each -> each.path("subscriptionId").asText().equals(id.toString()))
                .singleElement()
                .isEqualTo(moved.json());

        Answer other = operator.put(path, "{\"displayName\":\"x\"" + under(distributor, "") + "}");
        assertThat(other.json().path("scheduled"))
                .as("as it is shown, and put again")
                .isEqualTo(scheduled);
        String later = from.replace("T00:00:00+00:00", "T00:00:00Z");
        Answer back = operator.put(path, "{" + under(distributor, later).substring(1) + "}");
        assertThat(back.status()).as(back.body()).isEqualTo(200);
        assertThat(back.json().has("scheduled")).isFalse();

        assertRefused(
                operator.put(path, "{" + under(reseller, "2026-01-01T00:00:00Z").substring(1) + "}"),
                400,
                "InvalidProperty",
                from);
        assertRefused(
                operator.put(path, "{" + under(reseller, "2099-01-01T01:00:00Z").substring(1) + "}"),
                400,
                "InvalidProperty",
                "midnight");
        assertRefused(
                operator.put(path, "{\"effectiveFrom\":\"2099-01-01T00:00:00Z\"}"),
                400,
                "InvalidProperty",
                "`delegatedProviderSubscriptionId`");
        assertRefused(
                operator.put(
                        ADMIN + "/" + distributor + VERSION,
                        "{" + under(reseller, "").substring(1) + "}"),
                409,
                "Conflict",
                "below");
        assertRefused(
                operator.put(
                        ADMIN + "/" + TestGateway.OPERATOR_SUBSCRIPTION + VERSION,
                        "{" + under(reseller, "").substring(1) + "}"),
                400,
                "InvalidProperty",
                "itself");
    }

    private static String under(SubscriptionId provider, String from) {
        return ",\"delegatedProviderSubscriptionId\":\"" + provider + "\""
                + (from.isEmpty() ? "" : ",\"effectiveFrom\":\"" + from + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"tenantId\":\"x\"}",
                "{\"tenantId\":\"$T\",\"state\":\"Gone\"}",
                "{\"tenantId\":\"$T\",\"displayName\":7}",
                "{\"tenantId\":\"$T\",\"displayName\":\"a\\u0000\"}",
                "{\"tenantId\":\"$T\",\"registrationId\":\"nowhere\"}",
                "{\"tenantId\":\"$T\",\"delegatedProviderSubscriptionId\":\"00000000-0000-4000-8000-000000000009\"}",
                "{\"tenantId\":\"$T\",\"effectiveFrom\":\"2099-01-01T00:00:00Z\"}",
                "{\"tenantId\":\"$T\",\"subscriptionId\":\"00000000-0000-4000-8000-000000000009\"}"
            })
    void aBodyThatIsNoSubscriptionIsRefused(String body) {
        assertRefused(
                operator.put(ADMIN + "/" + UUID.randomUUID() + VERSION, body.replace("$T", tenant.toString())),
                400,
                "InvalidProperty",
                "");
    }

    @Test
    void theAdminListIsTheOperatorsAlone() {
        assertRefused(
                operator.get(ADMIN.replace(
                                TestGateway.OPERATOR_SUBSCRIPTION.toString(),
                                UUID.randomUUID().toString())
                        + VERSION),
                403,
                "AuthorizationFailed",
                "");
        assertRefused(caller.get(ADMIN + VERSION), 403, "AuthorizationFailed", "");
        assertRefused(operator.get(ADMIN + "/" + UUID.randomUUID() + VERSION), 404, "ResourceNotFound", "");
        assertRefused(operator.get(ADMIN + "/7" + VERSION), 400, "InvalidProperty", "`subscriptionId`");
        assertRefused(operator.get(ADMIN), 400, "NoApiVersion", "2015-11-01");
        assertRefused(operator.get(ADMIN + "?api-version=2016-01-01"), 400, "InvalidApiVersionParameter", "2015-11-01");
    }

    @Test
    void metersAreReadByEveryoneAndChangedByTheOperator() {
        assertThat(texts(caller.get("/meters"), "meterId")).contains(TestWorld.CORE_HOURS, TestWorld.STATIC_IP);
        String path = "/meters/" + UUID.randomUUID();
        assertRefused(operator.put(path, "{\"name\":\"n\"}"), 400, "InvalidProperty", "`unit`");
        Answer created = operator.put(path, "{\"name\":\"n\",\"unit\":\"u\"}");
        assertThat(created.status()).as(created.body()).isEqualTo(200);
        assertThat(created.json().path("chargeable").asBoolean()).isFalse();
        Answer changed = operator.put(path, "{\"chargeable\":true,\"commerceMeterId\":\"c\",\"overlaps\":[\"o\"]}");
        assertThat(changed.json().path("chargeable").asBoolean()).isTrue();
        assertThat(changed.json().path("name").asText()).isEqualTo("n");
        assertThat(changed.json().path("commerceMeterId").asText()).isEqualTo("c");
        assertRefused(operator.put(path, "{\"unit\":\"other\"}"), 409, "Conflict", "never change");
        for (String body : List.of("{\"chargeable\":\"yes\"}", "{\"overlaps\":\"o\"}", "{\"overlaps\":[1]}", "[]")) {
            assertRefused(operator.put(path, body), 400, "InvalidProperty", "");
        }
        assertRefused(operator.put("/meters/" + "x".repeat(257), "{}"), 400, "InvalidProperty", "meter id");
        assertRefused(operator.put("/meters/%00", "{}"), 400, "InvalidProperty", "meter id");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        Answer answer = operator.put(ADMIN + "/" + UUID.randomUUID() + VERSION, " ".repeat(1_100_000) + "{}");
        assertRefused(answer, 413, "RequestEntityTooLarge", "bytes");
    }
}
