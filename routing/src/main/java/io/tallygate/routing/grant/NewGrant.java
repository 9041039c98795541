package io.tallygate.routing.grant;

import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A grant that is to be made.
 *
 * @param subject null for everyone of the tenant
 * @param customerSubscriptions 1 to 100
 * @param expiresAt null for never
 */
public record NewGrant(
        UUID id,
        TenantId tenant,
        String subject,
        Set<SubscriptionId> customerSubscriptions,
        String reason,
        Instant expiresAt) {}
