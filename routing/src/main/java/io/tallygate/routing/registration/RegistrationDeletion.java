package io.tallygate.routing.registration;

/** What became of a delete. */
public enum RegistrationDeletion {
    Deleted,
    Absent,
    /** It has subscriptions, has had customer subscriptions, or was routed usage: they are kept, and it with them. */
    InUse
}
