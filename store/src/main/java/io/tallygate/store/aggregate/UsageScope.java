package io.tallygate.store.aggregate;

import io.tallygate.store.directory.ProviderPeriod;
import io.tallygate.store.directory.SubscriptionId;
import java.util.List;

/** Whose usage a query may see. It is a field of the query, so that no store can forget it. */
public sealed interface UsageScope {
    /** One local subscription. */
    record OneSubscription(SubscriptionId subscription) implements UsageScope {}

    /**
     * One local subscription as far as it is or was a provider's direct tenant.
     *
     * @param periods by time of usage; not empty
     */
    record OneServed(SubscriptionId subscription, List<ProviderPeriod> periods) implements UsageScope {}

    /** All direct tenants' subscriptions of a provider subscription, each of the time in which it is or was one. */
    record DirectTenantsOf(SubscriptionId providerSubscription) implements UsageScope {}

    /** Every subscription. */
    record Everyone() implements UsageScope {}

    /** What a CSP subscription pays for: routed usage. */
    record PaidBy(SubscriptionId payer) implements UsageScope {}
}
