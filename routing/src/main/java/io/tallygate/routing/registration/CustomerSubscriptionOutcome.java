package io.tallygate.routing.registration;

/**
 * What became of a put.
 *
 * @param customerSubscription the mapping as it stands; null if it was refused
 */
public record CustomerSubscriptionOutcome(Kind kind, CustomerSubscription customerSubscription) {
    /** The outcomes. All but the first two are refusals, which change nothing. */
    public enum Kind {
        Recorded,
        /** It said so already. */
        Unchanged,
        /** The registration is gone. */
        RegistrationAbsent,
        /** The registration's billing model delivers nothing. */
        BillingModelRefuses,
        /** The registration is not enabled for several tenants. */
        NotMultiTenant,
        /** At that time, or later, it pays for another tenant of the registration. */
        PaysForAnotherTenant,
        /** The id is that of a local subscription. */
        IsLocalSubscription
    }

    static CustomerSubscriptionOutcome refused(Kind kind) {
        return new CustomerSubscriptionOutcome(kind, null);
    }
}
