package io.tallygate.deploy.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Tells the gateway who exists: the registration, the subscriptions and who pays for whom. As the operator. */
final class SampleDirectory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REGISTRATION_PATH = "/subscriptions/" + SampleWorld.BASE_SUBSCRIPTION
            + "/resourceGroups/" + SampleWorld.RESOURCE_GROUP + "/providers/Microsoft.AzureStack/registrations/"
            + SampleWorld.REGISTRATION;
    private static final String REGISTRATION_VERSION = "?api-version=2022-06-01";
    private static final String SUBSCRIPTIONS_PATH = "/subscriptions/" + SampleWorld.OPERATOR_SUBSCRIPTION
            + "/providers/Microsoft.Subscriptions.Admin/subscriptions/";

    private final GatewayApi operator;
    private final SampleWorld world;

    SampleDirectory(GatewayApi operator, SampleWorld world) {
        this.operator = operator;
        this.world = world;
    }

    /** Before the usage: every subscription is enabled, every mapping counts from its day on. */
    void create(SamplePeriod period, String registrationToken) throws IOException {
        operator.put(REGISTRATION_PATH + REGISTRATION_VERSION, registration(registrationToken));
        for (SampleTenant tenant : world.everyone().toList()) {
            for (SampleSubscription subscription : tenant.subscriptions()) {
                put(tenant, subscription, "Enabled");
            }
            for (SampleMapping mapping : tenant.mappings()) {
                map(tenant, mapping, period);
            }
        }
    }

    /** After the usage: what is deleted in this world. */
    void delete() throws IOException {
        for (SampleTenant tenant : world.tenants()) {
            for (SampleSubscription subscription : tenant.subscriptions()) {
                if (subscription.deleted()) {
                    put(tenant, subscription, "Deleted");
                }
            }
        }
    }

    private void put(SampleTenant tenant, SampleSubscription subscription, String state) throws IOException {
        ObjectNode body = JSON.createObjectNode()
                .put("subscriptionId", subscription.id().toString())
                .put("displayName", subscription.name())
                .put("owner", subscription.owner())
                .put("tenantId", tenant.id().toString())
                .put("state", state)
                .put(
                        "delegatedProviderSubscriptionId",
                        subscription.providerSubscription().toString());
        operator.put(SUBSCRIPTIONS_PATH + subscription.id() + "?api-version=2015-11-01", body);
    }

    private void map(SampleTenant tenant, SampleMapping mapping, SamplePeriod period) throws IOException {
        Instant from = period.day(mapping.fromDay()).plus(mapping.fromHour(), ChronoUnit.HOURS);
        ObjectNode body = JSON.createObjectNode();
        body.putObject("properties").put("tenantId", tenant.id().toString()).put("effectiveFrom", from.toString());
        operator.put(
                REGISTRATION_PATH + "/customerSubscriptions/" + mapping.customerSubscription() + REGISTRATION_VERSION,
                body);
    }

    private static ObjectNode registration(String token) {
        ObjectNode body = JSON.createObjectNode().put("location", "global");
        body.putObject("properties").put("registrationToken", token).put("billingModel", "PayAsYouUse");
        return body;
    }
}
