package io.tallygate.routing.registration;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a caller says about a registration. A patch leaves as it is what is null here; a put needs {@code location} and
 * {@code billingModel}.
 *
 * @param tags a JSON object in canonical form, or null
 * @param multiTenant null in a put means no
 * @param registrationToken kept only as its hash; null leaves the one that is known, in a put too, since nobody can read
 *     it to send it again
 */
public record RegistrationContent(
        String location, String tags, BillingModel billingModel, Boolean multiTenant, String registrationToken) {

    RegistrationContent over(Registration before) {
        return new RegistrationContent(
                location == null ? before.location() : location,
                tags == null ? before.tags() : tags,
                billingModel == null ? before.billingModel() : billingModel,
                multiTenant == null ? before.multiTenant() : multiTenant,
                registrationToken);
    }

    boolean allowsCustomers() {
        return Boolean.TRUE.equals(multiTenant);
    }

    /** SHA-256 of the token, or null. */
    Buffer tokenHash() {
        if (registrationToken == null) {
            return null;
        }
        try {
            return Buffer.buffer(
                    MessageDigest.getInstance("SHA-256").digest(registrationToken.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    /** Without the token: it must not get into a log. */
    @Override
    public String toString() {
        return "RegistrationContent[" + location + ", " + billingModel + ", multiTenant=" + multiTenant + "]";
    }
}
