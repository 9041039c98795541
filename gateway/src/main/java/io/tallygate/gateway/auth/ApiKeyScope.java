package io.tallygate.gateway.auth;

import io.tallygate.store.directory.SubscriptionId;
import java.util.Set;
import java.util.UUID;

/**
 * What an API key restricts its caller to.
 *
 * @param id the key's id
 * @param maker the subject that made it
 * @param subscriptions the only ones that it may name
 */
public record ApiKeyScope(UUID id, String maker, Set<SubscriptionId> subscriptions) {
    /** Copies the set. */
    public ApiKeyScope {
        subscriptions = Set.copyOf(subscriptions);
    }
}
