package io.tallygate.gateway.http;

import java.time.Duration;
import java.util.Optional;

/** A refusal with its {@link ApiError} and a message for the caller: it names the field and what was expected. */
public final class ApiException extends RuntimeException {
    private final ApiError error;
    private final RefusalReason reason;
    private final Duration retryAfter;

    ApiException(ApiError error, String message, RefusalReason reason) {
        this(error, message, reason, null);
    }

    private ApiException(ApiError error, String message, RefusalReason reason, Duration retryAfter) {
        // No stack trace: a refusal is an answer, not a defect.
        super(message, null, false, false);
        this.error = error;
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** The same, but the caller may ask again after this time, which is rounded up to seconds. */
    public ApiException retryAfter(Duration time) {
        return new ApiException(error, getMessage(), reason, time);
    }

    /** When to ask again, in whole seconds, one at the least; empty for what is usual for the error. */
    public Optional<Long> retryAfterSeconds() {
        return Optional.ofNullable(retryAfter)
                .map(time -> Math.max(1, time.plusNanos(999_999_999).toSeconds()));
    }

    /** The row of the error table. */
    public ApiError error() {
        return error;
    }

    /** What it is counted as, if it refuses access: a 401, 403 or 429. */
    public Optional<RefusalReason> reason() {
        return Optional.ofNullable(reason);
    }
}
