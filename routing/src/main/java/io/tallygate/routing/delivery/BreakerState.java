package io.tallygate.routing.delivery;

/** What a gateway's circuit breaker of an endpoint lets through. */
public enum BreakerState {
    /** Everything. */
    CLOSED("closed"),
    /** Nothing, for a while. */
    OPEN("open"),
    /** One submission, which decides. */
    HALF_OPEN("halfOpen");

    private final String wireName;

    BreakerState(String wireName) {
        this.wireName = wireName;
    }

    /** The state as answers say it. */
    public String wireName() {
        return wireName;
    }
}
