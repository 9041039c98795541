package io.tallygate.gateway.observe;

/** How a request ended, as it is counted. */
public enum RequestOutcome {
    /** It was answered with this class of status. */
    INFORMED("1xx"),
    SUCCEEDED("2xx"),
    REDIRECTED("3xx"),
    REFUSED("4xx"),
    FAILED("5xx"),
    /** The connection or stream ended before the answer did, whoever ended it. */
    ABORTED("aborted");

    private static final RequestOutcome[] BY_CLASS = {INFORMED, SUCCEEDED, REDIRECTED, REFUSED, FAILED};

    private final String word;

    RequestOutcome(String word) {
        this.word = word;
    }

    /** What it is called in metrics. */
    public String word() {
        return word;
    }

    /** The outcome of a whole answer. */
    static RequestOutcome of(int status) {
        return BY_CLASS[Math.min(Math.max(status / 100, 1), BY_CLASS.length) - 1];
    }
}
