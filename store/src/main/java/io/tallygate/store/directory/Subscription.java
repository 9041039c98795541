package io.tallygate.store.directory;

/**
 * A local subscription.
 *
 * @param tenant never changes
 * @param owner free text, as a mail address; may be empty
 * @param providerSubscription the provider subscription whose direct tenant it is now; the default one points to itself
 * @param registrationId the registration that bills it; null for none
 */
public record Subscription(
        SubscriptionId id,
        TenantId tenant,
        String displayName,
        String owner,
        State state,
        SubscriptionId providerSubscription,
        Long registrationId) {

    /** The same as the direct tenant of another provider subscription. */
    public Subscription under(SubscriptionId provider) {
        return new Subscription(id, tenant, displayName, owner, state, provider, registrationId);
    }

    /** The states that Azure Stack Hub knows for a subscription. Usage is taken and shown in each of them. */
    public enum State {
        Enabled,
        Warned,
        PastDue,
        Disabled,
        Expired,
        Deleted
    }
}
