package io.tallygate.store.usage;

/** Which window a record joins. */
public enum ReportedAt {
    /** The open window that covers the database clock. */
    NOW,
    /** The window of its usage hour, as long as that takes records: a backfill. */
    USAGE_HOUR
}
