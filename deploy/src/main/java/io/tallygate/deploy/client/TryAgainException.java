package io.tallygate.deploy.client;

import java.time.Duration;

/** A request that failed, and may succeed if it is sent again: whoever sends it again knows that it is idempotent. */
public final class TryAgainException extends Exception {
    private final Duration retryAfter;

    /**
     * A failure for now.
     *
     * @param retryAfter what the gateway asked to wait, or null
     */
    public TryAgainException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** What the gateway asked to wait, or null. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
