package io.tallygate.deploy.config;

import io.tallygate.store.directory.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose tokens are accepted.
 *
 * @param issuers one or more
 * @param audiences one or more, one of which a token must name
 * @param operatorTenant the tenant whose callers may hold the operator's roles
 * @param roleNames what each role is called in tokens
 */
public record AuthConfig(
        List<IssuerConfig> issuers, Set<String> audiences, TenantId operatorTenant, Map<Role, String> roleNames) {}
