package io.tallygate.deploy.imports;

import java.time.Duration;

/** A request that failed, and may succeed if it is sent again: every request of an import is idempotent. */
final class TryAgainException extends Exception {
    private final Duration retryAfter;

    /**
     * A failure for now.
     *
     * @param retryAfter what the gateway asked to wait, or null
     */
    TryAgainException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** What the gateway asked to wait, or null. */
    Duration retryAfter() {
        return retryAfter;
    }
}
