package io.tallygate.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;

/** Makes registrations, subscriptions, mappings and usage through a gateway's own routes, as its users would. */
public final class TestWorld {
    /** Base VM size hours: chargeable. */
    public static final String CORE_HOURS = "FAB6EB84-500B-4A09-A8CA-7358F8BBAEA5";

    /** Static IP addresses: not chargeable, and its id has no dashes. */
    public static final String STATIC_IP = "F271A8A388C44D93956A063E1D2FA80B";

    private static final String REGISTRATION_VERSION = "?api-version=2022-06-01";

    private final HttpCaller operator;

    /** Acts as the operator with every role. */
    public TestWorld(TestGateway gateway) {
        operator = HttpCaller.operator(gateway);
    }

    /** A PayAsYouUse registration; gives its path. */
    public String registration(UUID baseSubscription, String name) {
        return registration(baseSubscription, name, "PayAsYouUse");
    }

    /** A registration; gives its path. */
    public String registration(UUID baseSubscription, String name, String billingModel) {
        String path = "/subscriptions/" + baseSubscription
                + "/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/" + name;
        HttpCaller.Answer answer = operator.put(
                path + REGISTRATION_VERSION,
                "{\"location\":\"global\",\"properties\":{\"registrationToken\":\"token\",\"billingModel\":\""
                        + billingModel + "\"}}");
        assertThat(answer.status()).as(answer.body()).isIn(200, 201);
        return path;
    }

    /** A direct tenant's subscription of the operator, under the only registration. */
    public SubscriptionId subscription(TenantId tenant) {
        return subscription(tenant, "");
    }

    /** The same with more fields, as {@code ,"state":"Deleted"}. */
    public SubscriptionId subscription(TenantId tenant, String moreFields) {
        SubscriptionId id = new SubscriptionId(UUID.randomUUID());
        put(id, tenant, moreFields);
        return id;
    }

    /** Creates or changes a subscription. */
    public void put(SubscriptionId id, TenantId tenant, String moreFields) {
        HttpCaller.Answer answer = operator.put(
                "/subscriptions/" + TestGateway.OPERATOR_SUBSCRIPTION
                        + "/providers/Microsoft.Subscriptions.Admin/subscriptions/" + id + "?api-version=2015-11-01",
                "{\"displayName\":\"Test\",\"owner\":\"test@example.com\",\"tenantId\":\"" + tenant + "\"" + moreFields
                        + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    /** Maps a tenant of a registration to a customer subscription, from an hour on or (null) from now on. */
    public HttpCaller.Answer map(String registration, UUID customerSubscription, TenantId tenant, Instant from) {
        return operator.put(
                registration + "/customerSubscriptions/" + customerSubscription + REGISTRATION_VERSION,
                "{\"properties\":{\"tenantId\":\"" + tenant + "\""
                        + (from == null ? "" : ",\"effectiveFrom\":\"" + from + "\"") + "}}");
    }

    /** A key that reads what its maker reads of these subscriptions; gives its text. */
    public String key(HttpCaller maker, UUID... subscriptions) {
        HttpCaller.Answer answer = maker.post("/apiKeys", "application/json", keyBody(subscriptions));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().path("key").asText();
    }

    /** What is posted to make a key of these subscriptions. */
    public static String keyBody(UUID... subscriptions) {
        return "{\"displayName\":\"test\",\"subscriptions\":" + array(subscriptions) + "}";
    }

    /** Grants what is routed to customer subscriptions to a tenant or (else null) one subject of it; gives the id. */
    public String grant(TenantId tenant, String subject, UUID... customerSubscriptions) {
        HttpCaller.Answer answer =
                operator.post("/grants", "application/json", grantBody(tenant, subject, customerSubscriptions));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    /** What is posted to make a grant. */
    public static String grantBody(TenantId tenant, String subject, UUID... customerSubscriptions) {
        return "{\"tenantId\":\"" + tenant + "\""
                + (subject == null ? "" : ",\"subject\":\"" + subject + "\"")
                + ",\"customerSubscriptions\":" + array(customerSubscriptions) + ",\"reason\":\"test\"}";
    }

    private static String array(UUID... ids) {
        return Arrays.stream(ids).map(id -> "\"" + id + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    /** Posts lines of NDJSON; gives the totals line. */
    public JsonNode post(String lines, boolean backfill) {
        HttpCaller.Answer answer = operator.post(
                "/usage/records" + (backfill ? "?reportedAt=usage-hour" : ""), "application/x-ndjson", lines);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.lastLine().path("totals");
    }

    /** One event as a line of NDJSON, for one whole hour. */
    public static String event(String id, SubscriptionId subscription, String meter, String quantity, Instant hour) {
        return "{\"specversion\":\"1.0\",\"type\":\"io.tallygate.usage.v1\",\"source\":\"test\",\"id\":\"" + id
                + "\",\"subject\":\"" + subscription + "\",\"data\":{\"meterId\":\"" + meter
                + "\",\"resourceUri\":\"/subscriptions/" + subscription
                + "/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm\",\"location\":\"local\","
                + "\"tags\":{\"department\":\"test\"},\"quantity\":" + quantity + ",\"usageStartTime\":\"" + hour
                + "\",\"usageEndTime\":\"" + hour.plus(1, ChronoUnit.HOURS) + "\"}}\n";
    }

    /** Seals all windows before this hour and waits until they are sealed and routed (background work must be on). */
    public void sealThrough(Instant through) {
        HttpCaller.Answer answer =
                operator.post("/windows/seal", "application/json", "{\"through\":\"" + through + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            String routed =
                    operator.get("/windows").json().path("routedThrough").asText();
            return !routed.equals("null")
                    && !Instant.parse(routed.replace("+00:00", "Z")).isBefore(through);
        });
    }
}
