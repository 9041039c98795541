package io.tallygate.gateway.collect;

import io.tallygate.store.directory.Subscription;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;

/**
 * A subscription as a source lists it.
 *
 * @param displayName at most 256 characters, without control characters; its id if the source gives it no name
 * @param owner likewise; may be empty
 * @param provider the provider subscription whose direct tenant it is there
 */
public record SourceSubscription(
        SubscriptionId id,
        TenantId tenant,
        String displayName,
        String owner,
        Subscription.State state,
        SubscriptionId provider) {}
