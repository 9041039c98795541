package io.tallygate.store.directory;

import java.time.Instant;

/**
 * The provider subscription that a subscription moves to.
 *
 * @param from the first usage time that it reads, a UTC midnight that is to come
 * @param recordedBy the subject of who put it
 */
public record ScheduledProvider(SubscriptionId provider, Instant from, String recordedBy) {}
