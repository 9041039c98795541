package io.tallygate.deploy.demo;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * A tenant of the sample world.
 *
 * @param mappings in the order in which they were made; empty for a tenant for whom the base subscription pays
 */
record SampleTenant(TenantId id, String name, List<SampleSubscription> subscriptions, List<SampleMapping> mappings) {
    /** The CSP subscription that pays now. */
    Optional<SubscriptionId> customerSubscription() {
        return mappings.isEmpty()
                ? Optional.empty()
                : Optional.of(mappings.get(mappings.size() - 1).customerSubscription());
    }
}
