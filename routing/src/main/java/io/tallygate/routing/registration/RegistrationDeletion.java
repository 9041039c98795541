package io.tallygate.routing.registration;

/** What became of a delete. */
public enum RegistrationDeletion {
    Deleted,
    Absent,
    /** It has subscriptions, or has had customer subscriptions: they are kept, and it with them. */
    InUse
}
