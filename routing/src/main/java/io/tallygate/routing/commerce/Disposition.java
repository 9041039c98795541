package io.tallygate.routing.commerce;

/** What happens with an event after an attempt. */
public enum Disposition {
    /** Done. */
    DELIVERED,
    /** Dead letter: sent again only when an operator says so. */
    DEAD,
    /** Sent again under the same key, after a pause. */
    RETRY,
    /** Nothing more is sent for its payer until somebody resumes it or its mapping changes; no attempt is counted. */
    HOLD_PAYER,
    /** Nothing more is sent to the endpoint for a while; no attempt is counted. */
    PAUSE_ENDPOINT,
    /** Sent again in a batch of half the size; alone already, it is a dead letter. */
    SPLIT,
    /** Sent later; it was no attempt. */
    RESCHEDULE;

    /** What is known of the endpoint's book after an attempt. */
    public enum Certainty {
        BILLED,
        NOT_BILLED,
        UNKNOWN
    }
}
