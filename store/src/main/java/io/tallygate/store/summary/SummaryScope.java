package io.tallygate.store.summary;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.util.Set;

/**
 * Whose usage a summary may see: the subscriptions for which all holds that is not null; everyone's if nothing is said.
 *
 * @param tenant whose they are
 * @param provider whose direct tenants' they are
 * @param subscriptions which of them
 */
public record SummaryScope(TenantId tenant, SubscriptionId provider, Set<SubscriptionId> subscriptions) {
    /** Every subscription. */
    public static SummaryScope everyone() {
        return new SummaryScope(null, null, null);
    }

    boolean isEveryone() {
        return tenant == null && provider == null && subscriptions == null;
    }

    /** A tenant's own. */
    public static SummaryScope of(TenantId tenant) {
        return new SummaryScope(tenant, null, null);
    }

    /** Those of the direct tenants of a provider subscription. */
    public static SummaryScope directTenantsOf(SubscriptionId provider) {
        return new SummaryScope(null, provider, null);
    }

    /** One subscription. */
    public static SummaryScope of(SubscriptionId subscription) {
        return everyone().within(Set.of(subscription));
    }

    /** No others than these. */
    public SummaryScope within(Set<SubscriptionId> some) {
        return new SummaryScope(tenant, provider, Set.copyOf(some));
    }
}
