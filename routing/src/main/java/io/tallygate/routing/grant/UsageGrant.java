package io.tallygate.routing.grant;

import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Lets a principal read the routed usage of customer subscriptions.
 *
 * @param tenant the principal's directory tenant
 * @param subject the user or application of it, as its tokens name it; null for everyone of the tenant
 * @param customerSubscriptions 1 to 100
 * @param reason the operator's words
 * @param createdAt by the database's clock
 * @param createdBy the subject of whoever made it
 * @param expiresAt from then on it counts no more; null for never
 * @param revokedAt null unless it is revoked
 * @param revokedBy the subject of whoever revoked it, or null
 */
public record UsageGrant(
        UUID id,
        TenantId tenant,
        String subject,
        Set<SubscriptionId> customerSubscriptions,
        String reason,
        Instant createdAt,
        String createdBy,
        Instant expiresAt,
        Instant revokedAt,
        String revokedBy) {

    /** Copies the subscriptions, in their order. */
    public UsageGrant {
        customerSubscriptions = Collections.unmodifiableSet(new LinkedHashSet<>(customerSubscriptions));
    }

    static UsageGrant of(Row row) {
        Set<SubscriptionId> subscriptions = new LinkedHashSet<>();
        for (UUID subscription : row.getArrayOfUUIDs("customer_subscriptions")) {
            subscriptions.add(new SubscriptionId(subscription));
        }
        return new UsageGrant(
                row.getUUID("grant_id"),
                new TenantId(row.getUUID("tenant_id")),
                row.getString("subject"),
                subscriptions,
                row.getString("reason"),
                Rows.instant(row, "created_at"),
                row.getString("created_by"),
                Rows.instant(row, "expires_at"),
                Rows.instant(row, "revoked_at"),
                row.getString("revoked_by"));
    }
}
