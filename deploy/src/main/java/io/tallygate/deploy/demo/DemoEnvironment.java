package io.tallygate.deploy.demo;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.net.URI;

/**
 * What a gateway needs to run in the demo.
 *
 * @param directory the data directory; {@link DemoDirectory#secret} makes passwords and keys that stay the same, and
 *     its PEM files are the server's certificate, its key and the authority that also signed the identity provider's
 * @param port where to listen with TLS; 0 means any free one
 * @param database the embedded Postgres; the gateway's roles are to be created by the migrations
 * @param issuerTemplate {@code https://localhost:{port}/{tenantId}/v2.0}, literally with <code>{tenantId}</code>: each
 *     such issuer speaks for the one tenant that it names
 * @param discovery the discovery document of the operator tenant's issuer; its keys are those of all issuers
 * @param signInDiscovery the discovery document of where people of all tenants sign in
 * @param portal what the portal is called there
 * @param authority what SDKs call the authority host, for {@code /metadata/endpoints}
 * @param audience the {@code aud} of all tokens
 * @param operatorTenant where the operator's roles count
 * @param operatorName the display name of the operator
 * @param operatorSubscription the default provider subscription, which the gateway itself creates
 * @param commerce where usage is to be delivered
 */
public record DemoEnvironment(
        DemoDirectory directory,
        int port,
        DatabaseAccess database,
        String issuerTemplate,
        URI discovery,
        URI signInDiscovery,
        DemoClient portal,
        String authority,
        String audience,
        TenantId operatorTenant,
        String operatorName,
        SubscriptionId operatorSubscription,
        CommerceAccess commerce) {}
