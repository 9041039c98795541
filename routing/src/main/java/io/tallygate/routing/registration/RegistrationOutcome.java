package io.tallygate.routing.registration;

/**
 * What became of a put or a patch.
 *
 * @param registration as it is now; null if there is none
 */
public record RegistrationOutcome(Kind kind, Registration registration) {
    /** The outcomes. Only {@code Created} and {@code Changed} have changed anything. */
    public enum Kind {
        Created,
        Changed,
        Unchanged,
        /** There is none to patch. */
        Absent,
        /** Its billing model cannot become one that delivers nothing while it has customer subscriptions. */
        HasCustomerSubscriptions
    }
}
