package io.tallygate.gateway.auth;

import io.tallygate.store.directory.TenantId;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One trusted token issuer and the tenants it may speak for.
 *
 * @param issuer the exact {@code iss} of its tokens, an https URL; it may contain <code>{tenantId}</code> once, as the
 *     multitenant issuer of Microsoft Entra does: then a token's {@code iss} must equal it with the token's own
 *     {@code tid} put in
 * @param tenants the tenants it may speak for; empty means any ({@code *})
 * @param discovery where its OIDC discovery document is, by default
 *     <code>{issuer}/.well-known/openid-configuration</code> (OpenID Connect Discovery 1.0, section 4); required for an
 *     issuer with <code>{tenantId}</code>
 * @param caPem the certificate authorities (PEM) that alone may vouch for its https server, by default those of the
 *     Java runtime
 */
public record IssuerConfig(String issuer, Set<TenantId> tenants, Optional<URI> discovery, Optional<String> caPem) {
    /** Stands for the token's own tenant in {@link #issuer()}. */
    public static final String TENANT_PLACEHOLDER = "{tenantId}";

    private static final String SAMPLE_TENANT = "00000000-0000-0000-0000-000000000000";

    /** Copies the tenants. */
    public IssuerConfig {
        Objects.requireNonNull(issuer, "issuer");
        tenants = Set.copyOf(tenants);
        Objects.requireNonNull(discovery, "discovery");
        Objects.requireNonNull(caPem, "caPem");
    }

    /** Whether it may speak for any tenant. */
    public boolean anyTenant() {
        return tenants.isEmpty();
    }

    /** Whether it may speak for the tenant. */
    public boolean speaksFor(TenantId tenant) {
        return anyTenant() || tenants.contains(tenant);
    }

    /** Whether {@link #issuer()} contains {@link #TENANT_PLACEHOLDER}. */
    public boolean isTemplate() {
        return issuer.contains(TENANT_PLACEHOLDER);
    }

    /** The {@code iss} of its tokens for the tenant. */
    public String issuerFor(TenantId tenant) {
        return issuer.replace(TENANT_PLACEHOLDER, tenant.toString());
    }

    /** Where its discovery document is. */
    public URI discoveryUri() {
        return discovery.orElseGet(() ->
                URI.create((issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                        + "/.well-known/openid-configuration"));
    }

    /** What is wrong with it: each names the setting and what was expected; empty if nothing is. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        String sample = isTemplate() ? issuer.replace(TENANT_PLACEHOLDER, SAMPLE_TENANT) : issuer;
        HttpsUri.problem(sample).ifPresent(problem -> problems.add("issuer: " + problem));
        if (issuer.indexOf('?') >= 0) {
            problems.add("issuer: must have no query");
        }
        if (issuer.indexOf(TENANT_PLACEHOLDER) != issuer.lastIndexOf(TENANT_PLACEHOLDER)) {
            problems.add("issuer: may contain " + TENANT_PLACEHOLDER + " only once");
        }
        if (isTemplate() && discovery.isEmpty()) {
            problems.add("discovery: must be given, because the issuer contains " + TENANT_PLACEHOLDER);
        }
        discovery
                .flatMap(uri -> HttpsUri.problem(uri.toString()))
                .ifPresent(problem -> problems.add("discovery: " + problem));
        caPem.filter(pem -> !holdsCertificates(pem))
                .ifPresent(pem -> problems.add("caPem: must hold at least one X.509 certificate in PEM"));
        return problems;
    }

    private static boolean holdsCertificates(String pem) {
        try {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
                    .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }
}
