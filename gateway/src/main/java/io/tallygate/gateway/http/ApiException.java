package io.tallygate.gateway.http;

/** A refusal with its {@link ApiError} and a message for the caller: it names the field and what was expected. */
public final class ApiException extends RuntimeException {
    private final ApiError error;

    ApiException(ApiError error, String message) {
        // No stack trace: a refusal is an answer, not a defect.
        super(message, null, false, false);
        this.error = error;
    }

    /** The row of the error table. */
    public ApiError error() {
        return error;
    }
}
