package io.tallygate.gateway.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.gateway.collect.SourceOrigin.CloudKitty;
import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the projects that Keystone lists: each is a subscription, its domain the tenant. For one reading of
 * one list.
 */
final class ProjectRows {
    private static final int SHOWN = 10;

    private static final Logger LOG = LoggerFactory.getLogger(ProjectRows.class);

    private final String source;
    private final CloudKitty origin;
    private final SubscriptionId provider;
    private final List<SourceSubscription> found = new ArrayList<>();
    private final Set<String> nobodys = new TreeSet<>();
    private int unreadable;

    /**
     * Of this cloud.
     *
     * @param source its name
     * @param provider whose direct tenants they are
     */
    ProjectRows(String source, CloudKitty origin, SubscriptionId provider) {
        this.source = source;
        this.origin = origin;
        this.provider = provider;
    }

    /**
     * The subscriptions. One that nobody can place must not keep the others out; its usage stays in
     * quarantine, to be seen.
     */
    List<SourceSubscription> read(List<JsonNode> projects) {
        projects.forEach(this::add);
        if (unreadable > 0) {
            LOG.warn("{} lists {} projects whose id is no UUID: they are left out", source, unreadable);
        }
        if (!nobodys.isEmpty()) {
            LOG.warn(
                    "{} lists projects of domains whose id is no UUID, and which are not among its tenants: they are"
                            + " left out: {}",
                    source,
                    nobodys.stream().limit(SHOWN).toList());
        }
        return List.copyOf(found);
    }

    private void add(JsonNode project) {
        Optional<UUID> id = OpenStackId.parse(project.path("id").asText());
        String domain = project.path("domain_id").asText();
        Optional<TenantId> tenant = Optional.ofNullable(origin.tenants().get(domain))
                .or(() -> OpenStackId.parse(domain).map(TenantId::new));
        if (id.isEmpty()) {
            unreadable++;
        } else if (tenant.isEmpty()) {
            nobodys.add(domain);
        } else {
            found.add(new SourceSubscription(
                    new SubscriptionId(id.get()),
                    tenant.get(),
                    SubscriptionRow.text(project.path("name")).orElse(id.get().toString()),
                    "",
                    KeystoneProjects.isEnabled(project) ? Subscription.State.Enabled : Subscription.State.Disabled,
                    provider));
        }
    }
}
