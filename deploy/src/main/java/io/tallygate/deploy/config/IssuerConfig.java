package io.tallygate.deploy.config;

import io.tallygate.store.directory.TenantId;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * An issuer of access tokens.
 *
 * @param issuer the {@code iss} of its tokens, compared as it is
 * @param tenants the tenants it may speak for; empty: any
 * @param discovery its OIDC discovery document; none: below the issuer
 * @param caPem the certificates that its server is trusted by; none: those of the machine
 */
public record IssuerConfig(String issuer, Set<TenantId> tenants, Optional<URI> discovery, Optional<String> caPem) {}
