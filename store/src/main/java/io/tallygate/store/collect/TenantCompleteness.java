package io.tallygate.store.collect;

import io.tallygate.store.directory.TenantId;
import java.time.Instant;

/**
 * Through when what sources reported of a tenant is stored.
 *
 * @param subscriptions how many it has
 * @param collected those of them whose registration has a source
 * @param files whether any of these registrations has a source of files, of which nobody knows what has not arrived
 * @param completeThrough the earliest of their sources; null if there is none
 */
public record TenantCompleteness(
        TenantId tenant, long subscriptions, long collected, boolean files, Instant completeThrough) {
    /** Whether all that it uses is reported by sources, as far as is known. */
    public boolean isAllCollected() {
        return subscriptions > 0 && subscriptions == collected && !files;
    }
}
