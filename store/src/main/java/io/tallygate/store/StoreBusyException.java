package io.tallygate.store;

/** All connections are in use and the queue for them is full: the caller should ask again shortly. */
public final class StoreBusyException extends RuntimeException {
    StoreBusyException(Throwable cause) {
        super("Too many requests wait for the store", cause);
    }
}
