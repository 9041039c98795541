package io.tallygate.routing.registration;

import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.UUID;

/**
 * A cloud deployment registered for billing.
 *
 * @param registrationId what subscriptions and mappings refer to; never shown on the wire
 * @param subscription the base subscription: pays where no mapping exists
 * @param resourceGroup as first given; looked up without case, as is {@code name}
 * @param tags a JSON object, or null
 * @param multiTenant whether it may have customer subscriptions
 * @param activationKey a secret of the deployment: only for the route that asks for it
 * @param deliveryEndpoint the name of the endpoint that what is routed from now on is delivered to
 * @param revision 1, and one more with each change
 */
public record Registration(
        long registrationId,
        SubscriptionId subscription,
        String resourceGroup,
        String name,
        String location,
        String tags,
        BillingModel billingModel,
        boolean multiTenant,
        UUID objectId,
        UUID cloudId,
        UUID activationKey,
        String deliveryEndpoint,
        long revision) {

    /** The resource id of the registration protocol. */
    public String resourceId() {
        return "/subscriptions/" + subscription + "/resourceGroups/" + resourceGroup
                + "/providers/Microsoft.AzureStack/registrations/" + name;
    }

    /** The resource id: nothing secret gets into a log. */
    @Override
    public String toString() {
        return resourceId();
    }

    JsonObject forAudit() {
        return new JsonObject()
                .put("location", location)
                .put("tags", tags)
                .put("billingModel", billingModel.name())
                .put("multiTenant", multiTenant)
                .put("deliveryEndpoint", deliveryEndpoint)
                .put("revision", revision);
    }

    static Registration of(Row row) {
        return new Registration(
                row.getLong("registration_id"),
                new SubscriptionId(row.getUUID("subscription_id")),
                row.getString("resource_group"),
                row.getString("name"),
                row.getString("location"),
                row.getString("tags"),
                BillingModel.valueOf(row.getString("billing_model")),
                row.getBoolean("multi_tenant"),
                row.getUUID("object_id"),
                row.getUUID("cloud_id"),
                row.getUUID("activation_key"),
                row.getString("delivery_endpoint"),
                row.getLong("revision"));
    }
}
