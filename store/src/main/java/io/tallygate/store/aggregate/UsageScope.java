package io.tallygate.store.aggregate;

import io.tallygate.store.directory.SubscriptionId;

/** Whose usage a query may see. It is a field of the query, so that no store can forget it. */
public sealed interface UsageScope {
    /** One local subscription. */
    record OneSubscription(SubscriptionId subscription) implements UsageScope {}

    /** All direct tenants' subscriptions of a provider subscription. */
    record DirectTenantsOf(SubscriptionId providerSubscription) implements UsageScope {}

    /** Every subscription. */
    record Everyone() implements UsageScope {}

    /** What a CSP subscription pays for: routed usage. */
    record PaidBy(SubscriptionId payer) implements UsageScope {}
}
