package io.tallygate.deploy.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tallygate.gateway.crypto.Base64Url;
import io.tallygate.gateway.crypto.Hmac;
import io.tallygate.store.directory.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The applications of the demo: every tenant, also one that appears later, has one that reads its own usage; the
 * operator's tenant has the operator, the reporter and the gateway's own for billing. Ids are name-based, secrets derived
 * from one secret of the data directory, so nothing needs to be stored for a new tenant.
 */
public final class DemoClients {
    /** Lets its bearer bill at the demo's commerce endpoint. */
    static final String COMMERCE_ROLE = "Commerce.Bill";

    /** What the operator, and its people, may. */
    static final List<String> OPERATOR_ROLES =
            List.of("Usage.Read", "Usage.Read.All", "Usage.Read.Routed", "Usage.Report", "Registration.ReadWrite");

    private final TenantId operatorTenant;
    private final Hmac key;

    /** Clients whose secrets derive from this secret. */
    public DemoClients(TenantId operatorTenant, String secret) {
        this.operatorTenant = operatorTenant;
        this.key = Hmac.under(secret);
    }

    /** The service administrator, who may do everything. */
    public DemoClient operator() {
        return client(operatorTenant, "operator", OPERATOR_ROLES);
    }

    /** The resource providers of the cloud, who may only report usage. */
    public DemoClient reporter() {
        return client(operatorTenant, "reporter", List.of("Usage.Report"));
    }

    /** The gateway at the commerce endpoint, where it may bill; no caller of the gateway. */
    public DemoClient commerce() {
        return client(operatorTenant, "commerce", List.of(COMMERCE_ROLE));
    }

    /** The portal, where people sign in; by itself it may nothing. */
    public DemoClient portal() {
        return client(operatorTenant, "portal", List.of());
    }

    /** The application of this tenant; the operator's own tenant answers with the operator. */
    public DemoClient of(TenantId tenant) {
        return tenant.equals(operatorTenant) ? operator() : client(tenant, "tenant", List.of("Usage.Read"));
    }

    /** The client if id and secret are right for this tenant. Takes the same time for every wrong secret. */
    public Optional<DemoClient> authenticate(TenantId tenant, String clientId, String clientSecret) {
        return candidates(tenant)
                .filter(client -> client.isProvenBy(clientId, clientSecret))
                .findFirst();
    }

    private Stream<DemoClient> candidates(TenantId tenant) {
        return tenant.equals(operatorTenant) ? Stream.of(operator(), reporter(), commerce()) : Stream.of(of(tenant));
    }

    private DemoClient client(TenantId tenant, String name, List<String> roles) {
        String id = UUID.nameUUIDFromBytes(("tallygate demo client " + tenant + " " + name).getBytes(UTF_8))
                .toString();
        return new DemoClient(tenant, id, secretOf(id), roles);
    }

    private String secretOf(String clientId) {
        return Base64Url.encode(key.of(clientId.getBytes(UTF_8)));
    }
}
