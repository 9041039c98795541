package io.tallygate.store.summary;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.util.Set;

/**
 * Whose usage a summary may see: the subscriptions for which all holds that is not null; everyone's if nothing is said.
 *
 * @param tenant whose they are
 * @param providers whose direct tenants' they are or were: then only usage of that time counts
 * @param subscriptions which of them
 */
public record SummaryScope(TenantId tenant, Set<SubscriptionId> providers, Set<SubscriptionId> subscriptions) {
    /** Every subscription. */
    public static SummaryScope everyone() {
        return new SummaryScope(null, null, null);
    }

    boolean isEveryone() {
        return tenant == null && providers == null && subscriptions == null;
    }

    /** A tenant's own. */
    public static SummaryScope of(TenantId tenant) {
        return new SummaryScope(tenant, null, null);
    }

    /** Those of the direct tenants of a provider subscription. */
    public static SummaryScope directTenantsOf(SubscriptionId provider) {
        return servedBy(Set.of(provider));
    }

    /** Those of the direct tenants of some provider subscriptions. */
    public static SummaryScope servedBy(Set<SubscriptionId> providers) {
        return new SummaryScope(null, Set.copyOf(providers), null);
    }

    /** One subscription. */
    public static SummaryScope of(SubscriptionId subscription) {
        return everyone().within(Set.of(subscription));
    }

    /** No others than these. */
    public SummaryScope within(Set<SubscriptionId> some) {
        return new SummaryScope(tenant, providers, Set.copyOf(some));
    }
}
