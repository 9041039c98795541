package io.tallygate.gateway.collect;

import java.time.Instant;

/**
 * A stretch of the time at which a source reported usage.
 *
 * @param from inclusive
 * @param to exclusive
 */
public record UsageWindow(Instant from, Instant to) {}
