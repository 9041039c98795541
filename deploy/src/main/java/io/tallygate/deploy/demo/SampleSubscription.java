package io.tallygate.deploy.demo;

import io.tallygate.store.directory.SubscriptionId;

/**
 * A local subscription of the sample world.
 *
 * @param providerSubscription the subscription of the (delegated) provider that serves it
 * @param deleted whether its state is {@code Deleted} once its usage is loaded
 */
record SampleSubscription(
        SubscriptionId id,
        String name,
        String owner,
        String department,
        SubscriptionId providerSubscription,
        Workload workload,
        boolean deleted) {}
