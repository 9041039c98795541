package io.tallygate.deploy.client;

/** What a command asked of a gateway was refused, or the gateway is not there; its message says why. */
public final class StoppedException extends Exception {
    public StoppedException(String message) {
        super(message);
    }
}
