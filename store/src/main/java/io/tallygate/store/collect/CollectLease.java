package io.tallygate.store.collect;

import java.time.Instant;

/**
 * A window that is this gateway's for a while.
 *
 * @param from in the time at which the source reported, inclusive
 * @param to exclusive
 * @param token of this lease
 * @param attempts how often it was claimed, this time included
 */
public record CollectLease(String source, Instant from, Instant to, long token, int attempts) {}
