package io.tallygate.gateway.export;

import java.time.Duration;

/**
 * How streams of usage are bounded.
 *
 * @param limit streams at the same time in one process, 1 or more
 * @param idleTimeout how long a stream waits for a reader that takes nothing, and for a database that is away
 */
public record StreamConfig(int limit, Duration idleTimeout) {
    /** What goes without saying. */
    public static final StreamConfig DEFAULT = new StreamConfig(256, Duration.ofMinutes(1));
}
