package io.tallygate.routing.registration;

import io.tallygate.routing.commerce.EndpointConfig;
import io.tallygate.store.Sha256;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * What a caller says about a registration. What is null here stays as it is; in a new registration it gets its default:
 * location {@code global}, {@code PayAsYouUse}, enabled for several tenants, delivered to the endpoint {@code default}.
 *
 * @param tags a JSON object in canonical form, or null
 * @param registrationToken kept only as its hash; null leaves the one that is known, in a put too, since nobody can read
 *     it to send it again
 * @param deliveryEndpoint the name of the endpoint that its usage is delivered to; counts for what is routed afterwards
 */
public record RegistrationContent(
        String location,
        String tags,
        BillingModel billingModel,
        Boolean multiTenant,
        String registrationToken,
        String deliveryEndpoint) {

    RegistrationContent withDefaults() {
        return new RegistrationContent(
                location == null ? "global" : location,
                tags,
                billingModel == null ? BillingModel.PayAsYouUse : billingModel,
                multiTenant == null || multiTenant,
                registrationToken,
                deliveryEndpoint == null ? EndpointConfig.DEFAULT_NAME : deliveryEndpoint);
    }

    RegistrationContent over(Registration before) {
        return new RegistrationContent(
                location == null ? before.location() : location,
                tags == null ? before.tags() : tags,
                billingModel == null ? before.billingModel() : billingModel,
                multiTenant == null ? before.multiTenant() : multiTenant,
                registrationToken,
                deliveryEndpoint == null ? before.deliveryEndpoint() : deliveryEndpoint);
    }

    /** SHA-256 of the token, or null. */
    Buffer tokenHash() {
        return registrationToken == null
                ? null
                : Buffer.buffer(Sha256.begin().digest(registrationToken.getBytes(StandardCharsets.UTF_8)));
    }

    /** Without the token: it must not get into a log. */
    @Override
    public String toString() {
        return "RegistrationContent[" + location + ", " + billingModel + ", multiTenant=" + multiTenant
                + ", deliveryEndpoint=" + deliveryEndpoint + "]";
    }
}
