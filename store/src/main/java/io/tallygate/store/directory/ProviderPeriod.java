package io.tallygate.store.directory;

import java.time.Instant;

/**
 * A time in which a subscription is a provider's direct tenant: a stretch of usage time.
 *
 * @param from inclusive, a UTC midnight; null for always before
 * @param to exclusive, a UTC midnight; null for always after
 */
public record ProviderPeriod(Instant from, Instant to) {
    /** Whether it is all the time. */
    public boolean isWhole() {
        return from == null && to == null;
    }
}
