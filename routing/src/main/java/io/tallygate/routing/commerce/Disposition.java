package io.tallygate.routing.commerce;

/** What happens with an event after an attempt. */
public enum Disposition {
    DELIVERED("delivered"),
    DEAD("dead letter: sent again only when an operator says so"),
    RETRY("sent again under the same key, after a pause"),
    HOLD_PAYER("its payer is held until it is resumed or its mapping changes; no attempt is counted"),
    PAUSE_ENDPOINT("the endpoint is paused, and tried again by itself; no attempt is counted"),
    SPLIT("sent again in a batch of half the size; alone already, a dead letter; no attempt is counted"),
    RESCHEDULE("sent later; no attempt is counted");

    private final String meaning;

    Disposition(String meaning) {
        this.meaning = meaning;
    }

    /** What it means for the event, as the documentation says it. */
    public String meaning() {
        return meaning;
    }

    /** What is known of the endpoint's book after an attempt. */
    public enum Certainty {
        BILLED,
        NOT_BILLED,
        UNKNOWN
    }
}
