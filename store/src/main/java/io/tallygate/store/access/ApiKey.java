package io.tallygate.store.access;

import io.tallygate.store.Rows;
import io.tallygate.store.directory.SubscriptionId;
import io.tallygate.store.directory.TenantId;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * An API key, as everybody may know it: without its text and the hash of it.
 *
 * @param madeUnder names the setting's secret under which it was made: 4 bytes in hexadecimal
 * @param tenant whose usage it reads
 * @param displayName what its maker calls it
 * @param subscriptions 1 to 100: it may name no other; none where all are hidden from who sees it
 * @param roles names of the read roles that its maker had
 * @param createdAt by the database's clock
 * @param createdBy the subject of whoever made it
 * @param expiresAt from then on it is refused
 * @param revokedAt null unless it is revoked
 * @param revokedBy the subject of whoever revoked it, or null
 * @param lastUsedAt to the minute; null if it was never used
 */
public record ApiKey(
        UUID id,
        String madeUnder,
        TenantId tenant,
        String displayName,
        Set<SubscriptionId> subscriptions,
        List<String> roles,
        Instant createdAt,
        String createdBy,
        Instant expiresAt,
        Instant revokedAt,
        String revokedBy,
        Instant lastUsedAt) {

    /** What a row of a key shows; the hash is not among it. */
    static final String COLUMNS = """
            key_id, encode(made_under, 'hex') as made_under, tenant_id, display_name, subscriptions, roles, created_at,
              created_by, expires_at, revoked_at, revoked_by, last_used_at""";

    /** Copies the collections; the subscriptions keep their order. */
    public ApiKey {
        subscriptions = Collections.unmodifiableSet(new LinkedHashSet<>(subscriptions));
        roles = List.copyOf(roles);
    }

    /** The same without these of its subscriptions: as somebody sees it who must not know of them. */
    public ApiKey without(Set<SubscriptionId> hidden) {
        Set<SubscriptionId> shown = new LinkedHashSet<>(subscriptions);
        shown.removeAll(hidden);
        return new ApiKey(
                id,
                madeUnder,
                tenant,
                displayName,
                shown,
                roles,
                createdAt,
                createdBy,
                expiresAt,
                revokedAt,
                revokedBy,
                lastUsedAt);
    }

    static ApiKey of(Row row) {
        Set<SubscriptionId> subscriptions = new LinkedHashSet<>();
        for (UUID subscription : row.getArrayOfUUIDs("subscriptions")) {
            subscriptions.add(new SubscriptionId(subscription));
        }
        return new ApiKey(
                row.getUUID("key_id"),
                row.getString("made_under"),
                new TenantId(row.getUUID("tenant_id")),
                row.getString("display_name"),
                subscriptions,
                Arrays.asList(row.getArrayOfStrings("roles")),
                Rows.instant(row, "created_at"),
                row.getString("created_by"),
                Rows.instant(row, "expires_at"),
                Rows.instant(row, "revoked_at"),
                row.getString("revoked_by"),
                Rows.instant(row, "last_used_at"));
    }
}
