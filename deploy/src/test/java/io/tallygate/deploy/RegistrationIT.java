package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.testing.HttpCaller;
import io.tallygate.deploy.testing.HttpCaller.Answer;
import io.tallygate.deploy.testing.TestGateway;
import io.tallygate.deploy.testing.TestWorld;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.tallygate.store.testing.TestPostgres;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registrations and customer subscriptions, with the status codes that {@code @azure/arm-azurestack} knows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistrationIT {
    private static final String VERSION = "?api-version=2022-06-01";

    private final AtomicInteger count = new AtomicInteger();
    private final List<UUID> customers = new ArrayList<>();
    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
    private TestGateway gateway;
    private TestWorld world;
    private HttpCaller operator;

    @BeforeAll
    void start() {
        Set<SubscriptionId> allowed = new java.util.HashSet<>();
        for (int i = 0; i < 40; i++) {
            customers.add(UUID.randomUUID());
            allowed.add(new SubscriptionId(customers.get(i)));
        }
        gateway = TestGateway.allowing(TestPostgres.fresh(), allowed);
        world = new TestWorld(gateway);
        operator = HttpCaller.operator(gateway);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private UUID customer() {
        return customers.remove(0);
    }

    private static TenantId tenant() {
        return new TenantId(UUID.randomUUID());
    }

    private String newPath() {
        return "/subscriptions/" + UUID.randomUUID()
                + "/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/r" + count.incrementAndGet();
    }

    private String registration() {
        return world.registration(UUID.randomUUID(), "r" + count.incrementAndGet());
    }

    private static String mapping(String registration, Object customer) {
        return registration + "/customerSubscriptions/" + customer + VERSION;
    }

    private Answer map(String registration, UUID customer, TenantId tenant, String effectiveFrom) {
        return operator.put(
                mapping(registration, customer),
                "{\"properties\":{\"tenantId\":\"" + tenant + "\""
                        + (effectiveFrom == null ? "" : ",\"effectiveFrom\":\"" + effectiveFrom + "\"") + "}}");
    }

    private static void assertRefused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.errorCode()).isEqualTo(code);
        assertThat(answer.json().at("/error/message").asText()).isNotEmpty();
    }

    @Test
    void aRegistrationIsCreatedThenChangedThenDeleted() {
        String path = newPath();
        assertRefused(operator.get(path + VERSION), 404, "RegistrationNotFound");
        String body = "{\"location\":\"global\",\"properties\":{\"registrationToken\":\"very secret\"}}";
        Answer created = operator.put(path + VERSION, body);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().path("id").asText()).isEqualTo(path);
        assertThat(created.json().path("type").asText()).isEqualTo("Microsoft.AzureStack/registrations");
        assertThat(created.json().at("/properties/billingModel").asText()).isEqualTo("PayAsYouUse");
        Answer again = operator.put(path + VERSION, body);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).as("a repeat changes nothing").isEqualTo(created.body());
        assertThat(operator.get(path + VERSION).body()).isEqualTo(created.body());
        assertThat(operator.get(path.replace("registrations", "REGISTRATIONS").replace("azurestack/", "AzureSTACK/")
                                + VERSION)
                        .body())
                .isEqualTo(created.body());

        Answer patched = operator.send(
                "PATCH", path + VERSION, "application/json", "{\"properties\":{\"billingModel\":\"development\"}}");
        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.json().at("/properties/billingModel").asText()).isEqualTo("Development");
        assertThat(patched.json().path("etag")).isNotEqualTo(created.json().path("etag"));
        assertRefused(
                operator.send("PATCH", newPath() + VERSION, "application/json", "{\"properties\":{}}"),
                404,
                "RegistrationNotFound");

        assertThat(operator.delete(path + VERSION).status()).isEqualTo(200);
        Answer gone = operator.delete(path + VERSION);
        assertThat(gone.status()).isEqualTo(204);
        assertThat(gone.body()).isEmpty();
        assertRefused(operator.get(path + VERSION), 404, "RegistrationNotFound");
    }

    @Test
    void aRegistrationNamesItsDeliveryEndpoint() {
        String path = newPath();
        Answer created = operator.put(path + VERSION, "{}");
        assertThat(created.json().at("/properties/deliveryEndpoint").asText()).isEqualTo("default");
        Answer same = operator.put(path + VERSION, "{\"properties\":{\"deliveryEndpoint\":\"default\"}}");
        assertThat(same.body()).isEqualTo(created.body());
        Answer refused = operator.send(
                "PATCH", path + VERSION, "application/json", "{\"properties\":{\"deliveryEndpoint\":\"nowhere\"}}");
        assertRefused(refused, 400, "InvalidProperty");
        assertThat(refused.body()).contains("properties.deliveryEndpoint").contains("default");
    }

    @Test
    void theTokenIsStoredHashedAndNeverReturned() {
        String path = newPath();
        String body = "{\"properties\":{\"registrationToken\":\"never-to-be-seen\"}}";
        assertThat(operator.put(path + VERSION, body).body()).doesNotContain("never-to-be-seen");
        assertThat(operator.get(path + VERSION).body()).doesNotContain("never-to-be-seen");
        assertThat(gateway.postgres()
                        .query("select r::text from registration r where r::text like '%never-to-be-seen%'"))
                .isEmpty();
        assertThat(gateway.postgres()
                        .query("select a::text from audit_entry a where a::text like '%never-to-be-seen%'"))
                .isEmpty();
    }

    @Test
    void registrationsAreListedByGroupAndBySubscription() {
        String path = registration();
        String subscription = path.split("/", -1)[2];
        String list = "/providers/Microsoft.AzureStack/registrations" + VERSION;
        for (String scope : List.of("", "/resourceGroups/AZUREstack")) {
            Answer answer = operator.get("/subscriptions/" + subscription + scope + list);
            assertThat(answer.json().path("value")).hasSize(1);
            assertThat(answer.json().at("/value/0/id").asText()).isEqualTo(path);
            assertThat(answer.body()).doesNotContain("nextLink");
        }
        assertThat(operator.get("/subscriptions/" + subscription + "/resourceGroups/other" + list)
                        .json()
                        .path("value"))
                .isEmpty();
    }

    @Test
    void thoseOfAllSubscriptionsAreListedForWhoDoesNotKnowWhereTheyAre() {
        List<String> paths = List.of(registration(), registration());
        Answer all = operator.get("/registrations");
        assertThat(all.status()).as(all.body()).isEqualTo(200);
        assertThat(all.json().path("value"))
                .extracting(each -> each.path("id").asText())
                .containsSubsequence(paths)
                .doesNotHaveDuplicates();
        for (JsonNode each : all.json().path("value")) {
            assertThat(operator.get(each.path("id").asText() + VERSION).json())
                    .as("told as everywhere")
                    .isEqualTo(each);
        }
        assertRefused(operator.get("/registrations?subscription=x"), 400, "InvalidProperty");
    }

    @Test
    void getDeleteAndPostMayCarryAContentTypeWithoutABody() {
        String path = registration();
        String json = "application/json; charset=utf-8";
        assertThat(operator.send("GET", path + VERSION, json, null).status()).isEqualTo(200);
        Answer key = operator.send("POST", path + "/getActivationKey" + VERSION, json, null);
        assertThat(key.status()).isEqualTo(200);
        assertThat(key.json().path("activationKey").asText()).isNotEmpty();
        assertThat(operator.send("DELETE", mapping(path, UUID.randomUUID()), json, null)
                        .status())
                .isEqualTo(204);
        assertThat(operator.send("DELETE", path + VERSION, json, null).status()).isEqualTo(200);
        assertRefused(operator.post(path + "/getactivationkey" + VERSION, json, ""), 404, "RegistrationNotFound");
    }

    @Test
    void bothApiVersionsAreTakenAndNoOther() {
        String path = registration();
        assertThat(operator.get(path + "?api-version=2017-06-01").status()).isEqualTo(200);
        assertRefused(operator.get(path), 400, "NoApiVersion");
        assertRefused(operator.get(path + "?api-version=2015-06-01-preview"), 400, "InvalidApiVersionParameter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "7",
                "{\"properties\":[]}",
                "{\"properties\":{\"billingModel\":\"Free\"}}",
                "{\"properties\":{\"multiTenant\":\"yes\"}}",
                "{\"properties\":{\"deliveryEndpoint\":\"nowhere\"}}",
                "{\"properties\":{\"deliveryEndpoint\":7}}",
                "{\"properties\":{\"registrationToken\":7}}",
                "{\"location\":\"\\u0000\"}",
                "{\"tags\":[]}",
                "{\"tags\":{\"a\":\"\\u0000\"}}",
                "{\"tags\":{\"a\":1e400}}",
                "{\"tags\":{\"a\":\"\\ud800\"}}",
                "{\"a\":1e99999999999}",
                "{\"location\":\"a\",\"location\":\"b\"}"
            })
    void aBodyThatIsNoRegistrationIsRefused(String body) {
        assertRefused(operator.put(newPath() + VERSION, body), 400, "InvalidProperty");
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        for (String name : List.of("%00", "a%20b", "x".repeat(91), "%F0%9F%98%80")) {
            assertRefused(
                    operator.put(newPath().replaceAll("registrations/.*", "registrations/" + name) + VERSION, "{}"),
                    400,
                    "InvalidProperty");
        }
    }

    @Test
    void aLocalSubscriptionIsNoBaseSubscription() {
        registration();
        assertRefused(
                operator.put(
                        "/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION
                                + "/resourceGroups/rg/providers/Microsoft.AzureStack/registrations/x" + VERSION,
                        "{}"),
                409,
                "Conflict");
    }

    @Test
    void aRegistrationInUseStays() {
        String mapped = registration();
        UUID customer = customer();
        assertThat(map(mapped, customer, tenant(), null).status()).isEqualTo(200);
        assertRefused(operator.delete(mapped + VERSION), 409, "RegistrationInUse");

        String used = registration();
        world.subscription(tenant(), ",\"registrationId\":\"" + used + "\"");
        assertRefused(operator.delete(used + VERSION), 409, "RegistrationInUse");
    }

    @Test
    void aMappingIsTwoHundredAlsoWhenItIsNewAndARepeatChangesNothing() {
        String registration = registration();
        UUID customer = customer();
        TenantId tenant = tenant();
        Answer created = map(registration, customer, tenant, null);
        assertThat(created.status()).isEqualTo(200);
        JsonNode json = created.json();
        assertThat(json.path("id").asText()).isEqualTo(registration + "/customerSubscriptions/" + customer);
        assertThat(json.path("name").asText()).isEqualTo(customer.toString());
        assertThat(json.path("type").asText()).isEqualTo("Microsoft.AzureStack/registrations/customerSubscriptions");
        assertThat(json.at("/properties/tenantId").asText()).isEqualTo(tenant.toString());
        assertThat(json.at("/properties/effectiveFrom").asText()).endsWith(":00:00+00:00");
        assertThat(json.at("/properties/state").asText()).isEqualTo("inForce");
        assertThat(map(registration, customer, tenant, null).body()).isEqualTo(created.body());
        assertThat(operator.get(mapping(registration, customer)).body()).isEqualTo(created.body());
        assertThat(operator.get(mapping(registration, customer.toString().toUpperCase(java.util.Locale.ROOT)))
                        .body())
                .isEqualTo(created.body());
        assertThat(history(registration, customer)).hasSize(1);
    }

    private JsonNode history(String registration, UUID customer) {
        return operator.get(mapping(registration, customer) + "&$expand=history")
                .json()
                .at("/properties/history");
    }

    @Test
    void aMappingEndsAndItsHistoryStays() {
        String registration = registration();
        UUID customer = customer();
        assertThat(operator.delete(mapping(registration, customer)).status()).isEqualTo(204);
        assertRefused(operator.get(mapping(registration, customer)), 404, "CustomerSubscriptionNotFound");
        map(registration, customer, tenant(), hour.minus(5, ChronoUnit.HOURS).toString());
        assertThat(operator.delete(mapping(registration, customer)).status()).isEqualTo(200);
        assertThat(operator.delete(mapping(registration, customer)).status()).isEqualTo(204);
        assertRefused(operator.get(mapping(registration, customer)), 404, "CustomerSubscriptionNotFound");
        assertThat(operator.get(registration + "/customerSubscriptions" + VERSION)
                        .json()
                        .path("value"))
                .isEmpty();

        JsonNode history = history(registration, customer);
        assertThat(history).hasSize(2);
        assertThat(history).extracting(row -> row.path("state").asText()).containsExactly("superseded", "ended");
        assertThat(history.get(0).path("supersededAt").isTextual()).isTrue();
        assertThat(history.get(1).path("effectiveTo").isTextual()).isTrue();
        assertThat(operator.get(registration + "/customerSubscriptions" + VERSION + "&%24EXPAND=History")
                        .json()
                        .path("value"))
                .hasSize(2);
        assertRefused(operator.get(mapping(registration, customer) + "&$expand=all"), 400, "InvalidProperty");
    }

    @Test
    void aMappingOfALaterHourIsScheduled() {
        String registration = registration();
        TenantId tenant = tenant();
        UUID now = customer();
        UUID later = customer();
        Instant from = hour.plus(48, ChronoUnit.HOURS);
        map(registration, now, tenant, null);
        Answer scheduled = map(registration, later, tenant, from.toString().replace("Z", "+00:00"));
        assertThat(scheduled.json().at("/properties/state").asText()).isEqualTo("scheduled");
        assertThat(scheduled.json().at("/properties/effectiveFrom").asText())
                .isEqualTo(from.toString().replace("Z", "+00:00"));
        assertThat(operator.get(mapping(registration, later))
                        .json()
                        .at("/properties/state")
                        .asText())
                .isEqualTo("scheduled");
        JsonNode first = operator.get(mapping(registration, now)).json().path("properties");
        assertThat(first.path("state").asText()).isEqualTo("inForce");
        assertThat(first.path("effectiveTo").asText()).isEqualTo(from.toString().replace("Z", "+00:00"));
        assertThat(operator.get(registration + "/customerSubscriptions" + VERSION)
                        .json()
                        .path("value"))
                .hasSize(2);
        assertThat(operator.delete(mapping(registration, later)).status()).isEqualTo(200);
        assertRefused(operator.get(mapping(registration, later)), 404, "CustomerSubscriptionNotFound");
    }

    @Test
    void aMappingMayBeginInThePast() {
        String registration = registration();
        UUID customer = customer();
        TenantId tenant = tenant();
        map(registration, customer, tenant, null);
        Instant from = hour.minus(30, ChronoUnit.DAYS);
        Answer moved = map(registration, customer, tenant, from.toString());
        assertThat(moved.json().at("/properties/effectiveFrom").asText())
                .isEqualTo(from.toString().replace("Z", "+00:00"));
        assertThat(moved.json().at("/properties/state").asText()).isEqualTo("inForce");
        assertThat(operator.get(registration + "/customerSubscriptions" + VERSION)
                        .json()
                        .path("value"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-20T00:30:00Z", "2026-11-20T00:00:00.001Z", "soon", "2026-11-20T10:00:00%2B05:30"})
    void anHourThatIsNoneIsRefused(String effectiveFrom) {
        assertRefused(
                map(registration(), customer(), tenant(), effectiveFrom.replace("%2B", "+")), 400, "InvalidProperty");
    }

    @Test
    void aTenantThatIsNoneIsRefused() {
        String path = mapping(registration(), customer());
        for (String body : List.of(
                "",
                "{}",
                "{\"properties\":{}}",
                "{\"properties\":{\"tenantId\":\"x\"}}",
                "{\"properties\":{\"tenantId\":7}}")) {
            assertRefused(operator.put(path, body), 400, "InvalidProperty");
        }
    }

    @Test
    void aCustomerSubscriptionIdThatIsNoneIsRefused() {
        String registration = registration();
        for (String id : List.of("1-1-1-1-1", "name", "%00", UUID.randomUUID() + "0")) {
            assertRefused(operator.get(mapping(registration, id)), 400, "InvalidCustomerSubscriptionId");
            assertRefused(operator.delete(mapping(registration, id)), 400, "InvalidCustomerSubscriptionId");
            assertRefused(
                    operator.put(mapping(registration, id), "{\"properties\":{\"tenantId\":\"" + tenant() + "\"}}"),
                    400,
                    "InvalidCustomerSubscriptionId");
        }
    }

    @Test
    void aSubscriptionThatIsNotInTheListIsRefused() {
        assertRefused(map(registration(), UUID.randomUUID(), tenant(), null), 400, "InvalidCSPSubscription");
    }

    @Test
    void aSubscriptionPaysForOneTenant() {
        String registration = registration();
        UUID customer = customer();
        map(registration, customer, tenant(), null);
        assertRefused(map(registration, customer, tenant(), null), 400, "BadCustomerSubscriptionId");
        assertRefused(
                map(
                        registration,
                        customer,
                        tenant(),
                        hour.plus(24, ChronoUnit.HOURS).toString()),
                400,
                "BadCustomerSubscriptionId");
        assertThat(map(registration(), customer, tenant(), null).status())
                .as("of another registration")
                .isEqualTo(200);
        operator.delete(mapping(registration, customer));
        assertThat(map(registration, customer, tenant(), null).status())
                .as("when it is free")
                .isEqualTo(200);
    }

    @Test
    void aLocalSubscriptionIsNoCustomerSubscriptionNorTheOtherWayRound() {
        String registration = registration();
        UUID local = customer();
        world.put(new SubscriptionId(local), tenant(), ",\"registrationId\":\"" + registration + "\"");
        assertRefused(map(registration, local, tenant(), null), 400, "BadCustomerSubscriptionId");

        UUID customer = customer();
        map(registration, customer, tenant(), null);
        for (String csp : List.of(customer.toString(), registration.split("/", -1)[2])) {
            assertRefused(
                    operator.put(
                            "/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION
                                    + "/providers/Microsoft.Subscriptions.Admin/subscriptions/" + csp
                                    + "?api-version=2015-11-01",
                            "{\"tenantId\":\"" + tenant() + "\"}"),
                    409,
                    "Conflict");
        }
    }

    @Test
    void billingModelsThatDeliverNothingTakeNoCustomers() {
        for (String model : List.of("Capacity", "Development")) {
            String registration = world.registration(UUID.randomUUID(), "r" + count.incrementAndGet(), model);
            assertRefused(map(registration, customer(), tenant(), null), 400, "CustomerSubscriptionsNotAllowed");
        }
        String mapped = registration();
        map(mapped, customer(), tenant(), null);
        assertRefused(
                operator.send(
                        "PATCH",
                        mapped + VERSION,
                        "application/json",
                        "{\"properties\":{\"billingModel\":\"Capacity\"}}"),
                400,
                "CustomerSubscriptionsNotAllowed");
    }

    @Test
    void aTokenThatIsRenewedChangesNothingElse() {
        String path = world.registration(UUID.randomUUID(), "r" + count.incrementAndGet(), "Capacity");
        Answer renewed = operator.put(
                path + VERSION, "{\"location\":\"global\",\"properties\":{\"registrationToken\":\"another\"}}");
        assertThat(renewed.status()).isEqualTo(200);
        assertThat(renewed.json().at("/properties/billingModel").asText()).isEqualTo("Capacity");
    }

    @Test
    void aRegistrationForOneTenantTakesNoCustomers() {
        String path = newPath();
        operator.put(path + VERSION, "{\"properties\":{\"multiTenant\":false}}");
        UUID customer = customer();
        assertRefused(map(path, customer, tenant(), null), 400, "UnauthorizedCspRegistration");
        operator.send("PATCH", path + VERSION, "application/json", "{\"properties\":{\"multiTenant\":true}}");
        assertThat(map(path, customer, tenant(), null).status()).isEqualTo(200);
    }

    @Test
    void mappingsOfNoRegistrationAreNotFound() {
        String path = newPath();
        assertRefused(map(path, customer(), tenant(), null), 404, "RegistrationNotFound");
        assertRefused(operator.get(path + "/customerSubscriptions" + VERSION), 404, "RegistrationNotFound");
    }

    @Test
    void everyChangeIsInTheAudit() {
        String registration = registration();
        UUID customer = customer();
        map(registration, customer, tenant(), null);
        map(registration, customer, tenant(), null);
        operator.delete(mapping(registration, customer));
        assertThat(gateway.postgres()
                        .query("select action from audit_entry where target like '" + registration
                                + "%' order by audit_id"))
                .containsExactly("registration.put", "customerSubscription.put", "customerSubscription.end");
    }
}
