package io.tallygate.store;

/** Postgres cannot be reached, is shutting down, or did not answer in time. What was asked may have been done. */
public final class StoreUnavailableException extends RuntimeException {
    /** With what was wrong. */
    public StoreUnavailableException(Throwable cause) {
        super("The store is away: " + cause.getMessage(), cause);
    }
}
