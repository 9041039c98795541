package io.tallygate.deploy.demo;

import io.tallygate.store.directory.TenantId;
import java.util.List;

/**
 * An application that the demo's identity provider knows.
 *
 * @param tenant the tenant it belongs to, the {@code tid} of its tokens
 * @param clientId a UUID
 * @param roles what its tokens carry in {@code roles}
 */
public record DemoClient(TenantId tenant, String clientId, String clientSecret, List<String> roles) {
    /** Never the secret. */
    @Override
    public String toString() {
        return "client " + clientId + " of tenant " + tenant + " " + roles;
    }
}
