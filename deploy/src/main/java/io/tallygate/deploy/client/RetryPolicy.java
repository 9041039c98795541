package io.tallygate.deploy.client;

import java.time.Duration;

/**
 * How often and after what pause a request is sent again.
 *
 * @param attempts how often it is sent at all, at least 1
 * @param first the pause before the second attempt; it doubles with each further one
 * @param longest the longest pause, also when the gateway asks for more
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {
    /** Nine attempts in about two minutes. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(9, Duration.ofMillis(500), Duration.ofSeconds(60));

    /**
     * The pause after a failed attempt (the first is 1).
     *
     * @param retryAfter what the gateway asked to wait, or null
     */
    public Duration pauseAfter(int attempt, Duration retryAfter) {
        Duration doubled = first.multipliedBy(1L << Math.min(attempt - 1, 20));
        Duration pause = retryAfter == null || retryAfter.isNegative() ? doubled : retryAfter;
        return pause.compareTo(longest) > 0 ? longest : pause;
    }
}
