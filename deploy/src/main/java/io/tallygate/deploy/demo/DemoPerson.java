package io.tallygate.deploy.demo;

import io.tallygate.store.directory.TenantId;
import java.util.List;

/**
 * Somebody who signs in at the demo's identity provider by choosing their name.
 *
 * @param organization the name of their tenant
 * @param id the {@code oid} of their tokens
 * @param roles what their access tokens carry in {@code roles}
 */
public record DemoPerson(
        TenantId tenant, String organization, String id, String name, String email, List<String> roles) {}
