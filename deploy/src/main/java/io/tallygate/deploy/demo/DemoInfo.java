package io.tallygate.deploy.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallygate.store.directory.SubscriptionId;
import java.net.URI;
import java.util.List;

/**
 * What {@code --info} tells a program about a demo that is ready.
 *
 * @param baseUrl without a slash at the end
 * @param commerceUrl where {@code GET /} shows what was billed, without a slash at the end
 * @param caFile the absolute path of the PEM file
 * @param issuer the issuer of the operator's tenant
 * @param tenants those with usage, the largest first; the first one's first subscription has several pages of days
 */
public record DemoInfo(
        String baseUrl,
        String managementUrl,
        String commerceUrl,
        String caFile,
        String issuer,
        Operator operator,
        Reporter reporter,
        List<Tenant> tenants,
        DelegatedProvider delegatedProvider,
        Registration registration,
        Data data) {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** The service administrator; the subscription is the default provider subscription. */
    public record Operator(
            String tenantId, String subscriptionId, String token, String clientId, String clientSecret) {}

    /** Who may only report usage. */
    public record Reporter(String token) {}

    /** A tenant; {@code customerSubscriptionId} is null if nobody is mapped to pay for it. */
    public record Tenant(
            String tenantId,
            String name,
            String token,
            String clientId,
            String clientSecret,
            List<String> subscriptionIds,
            String customerSubscriptionId) {}

    /** The delegated provider, its provider subscription, and the subscriptions that it serves. */
    public record DelegatedProvider(
            String tenantId, String token, String subscriptionId, List<String> directTenantSubscriptionIds) {}

    /** The one registration; its subscription is the base subscription. */
    public record Registration(String subscriptionId, String resourceGroup, String name) {}

    /** What is loaded: UTC midnights, the end exclusive; all of it is sealed and routed. */
    public record Data(String reportedStartTime, String reportedEndTime, long hourlyAggregates, long dailyAggregates) {}

    /** Everything, with new tokens. */
    static DemoInfo of(
            RunningGateway gateway,
            URI commerce,
            DemoDirectory directory,
            TokenMint mint,
            DemoClients clients,
            SampleWorld world,
            Data data) {
        DemoClient operator = clients.operator();
        SampleTenant provider = world.delegatedProvider();
        return new DemoInfo(
                gateway.baseUrl().toString(),
                gateway.managementUrl().toString(),
                commerce.toString(),
                directory.caFile().toString(),
                mint.issuer(operator.tenant()),
                new Operator(
                        operator.tenant().toString(),
                        SampleWorld.OPERATOR_SUBSCRIPTION.toString(),
                        mint.token(operator),
                        operator.clientId(),
                        operator.clientSecret()),
                new Reporter(mint.token(clients.reporter())),
                world.tenants().stream()
                        .map(tenant -> tenant(tenant, clients.of(tenant.id()), mint))
                        .toList(),
                new DelegatedProvider(
                        provider.id().toString(),
                        mint.token(clients.of(provider.id())),
                        provider.subscriptions().get(0).id().toString(),
                        ids(world.directTenants())),
                new Registration(
                        SampleWorld.BASE_SUBSCRIPTION.toString(), SampleWorld.RESOURCE_GROUP, SampleWorld.REGISTRATION),
                data);
    }

    /** As JSON with line breaks. */
    String toJson() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings and numbers can always be written", e);
        }
    }

    /** Without tokens and secrets. */
    @Override
    public String toString() {
        return "demo at " + baseUrl;
    }

    private static Tenant tenant(SampleTenant tenant, DemoClient client, TokenMint mint) {
        return new Tenant(
                tenant.id().toString(),
                tenant.name(),
                mint.token(client),
                client.clientId(),
                client.clientSecret(),
                ids(tenant.subscriptions()),
                tenant.customerSubscription().map(SubscriptionId::toString).orElse(null));
    }

    private static List<String> ids(List<SampleSubscription> subscriptions) {
        return subscriptions.stream().map(each -> each.id().toString()).toList();
    }
}
