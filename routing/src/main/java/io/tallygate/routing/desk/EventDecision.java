package io.tallygate.routing.desk;

/**
 * What became of an operator's decision about an event.
 *
 * @param event as it is now; null if there is none
 */
public record EventDecision(Kind kind, DeliveryEvent event) {
    /** Why it was taken or not. */
    public enum Kind {
        /** Done. */
        DONE,
        /** There is no such event. */
        ABSENT,
        /** A gateway is sending it: its outcome decides first. */
        IN_FLIGHT,
        /** Its state does not allow it. */
        WRONG_STATE,
        /** Its outcome is unknown: sent again, it may be billed twice; waived, it may be billed. Only with the operator's word. */
        MAY_BE_BILLED,
        /** Its quantity is not positive, and the endpoint takes no such event. */
        NEGATIVE_SUM
    }
}
