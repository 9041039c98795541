package io.tallygate.gateway.observe;

/** Which way a stream goes, as seen from the gateway. */
public enum StreamDirection {
    /** Records that are posted. */
    IN("in"),
    /** Usage that is read. */
    OUT("out");

    private final String word;

    StreamDirection(String word) {
        this.word = word;
    }

    /** What it is called in metrics. */
    public String word() {
        return word;
    }
}
