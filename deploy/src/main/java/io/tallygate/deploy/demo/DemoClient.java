package io.tallygate.deploy.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tallygate.store.directory.TenantId;
import java.security.MessageDigest;
import java.util.List;

/**
 * An application that the demo's identity provider knows.
 *
 * @param tenant the tenant it belongs to, the {@code tid} of its tokens
 * @param clientId a UUID
 * @param roles what its tokens carry in {@code roles}
 */
public record DemoClient(TenantId tenant, String clientId, String clientSecret, List<String> roles) {
    /** Whether id and secret are its own. Takes the same time for every wrong secret. */
    boolean isProvenBy(String id, String secret) {
        return clientId.equalsIgnoreCase(id)
                && MessageDigest.isEqual(clientSecret.getBytes(UTF_8), secret.getBytes(UTF_8));
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "client " + clientId + " of tenant " + tenant + " " + roles;
    }
}
