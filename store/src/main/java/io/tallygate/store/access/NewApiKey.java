package io.tallygate.store.access;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A key that is to be stored; whoever made its text forgets it.
 *
 * @param keyHash SHA-256 of the text
 * @param madeUnder 4 bytes that name the secret under which it was made
 * @param roles names of read roles, one at least
 */
public record NewApiKey(
        UUID id,
        Buffer keyHash,
        Buffer madeUnder,
        TenantId tenant,
        String displayName,
        Set<SubscriptionId> subscriptions,
        List<String> roles,
        Instant expiresAt) {}
