package io.tallygate.gateway.http;

/** What a route takes of a request's body. */
public enum TakenBody {
    /** Nothing: what comes is thrown away while the request is answered, and nobody waits for it. */
    NONE(0),
    /** Fields of a change. */
    SMALL(64 << 10),
    /** A list of many. */
    LARGE(1 << 20),
    /** The handler reads it itself. */
    STREAMED(0);

    private final int max;

    TakenBody(int max) {
        this.max = max;
    }

    /** Bytes that are kept. */
    int max() {
        return max;
    }
}
