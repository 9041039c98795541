package io.tallygate.gateway.http;

import java.util.Optional;

/** A refusal with its {@link ApiError} and a message for the caller: it names the field and what was expected. */
public final class ApiException extends RuntimeException {
    private final ApiError error;
    private final RefusalReason reason;

    ApiException(ApiError error, String message, RefusalReason reason) {
        // No stack trace: a refusal is an answer, not a defect.
        super(message, null, false, false);
        this.error = error;
        this.reason = reason;
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
