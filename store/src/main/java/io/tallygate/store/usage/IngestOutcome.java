package io.tallygate.store.usage;

/**
 * What became of one record.
 *
 * @param code why it is not in; null for {@code Accepted} and {@code Duplicate}
 * @param field the field that was at fault, or null
 * @param message for the sender; null where there is no code
 */
public record IngestOutcome(Kind kind, RecordError code, String field, String message) {
    /** The record is stored, durably. */
    public static final IngestOutcome ACCEPTED = new IngestOutcome(Kind.Accepted, null, null, null);

    /** It was stored before, with the same payload. */
    public static final IngestOutcome DUPLICATE = new IngestOutcome(Kind.Duplicate, null, null, null);

    /** The five outcomes, as they are written on the wire. */
    public enum Kind {
        Accepted,
        Duplicate,
        Conflict,
        Quarantined,
        Rejected
    }

    /** A record that is not stored and will not be. */
    public static IngestOutcome rejected(RecordError code, String field, String message) {
        return new IngestOutcome(Kind.Rejected, code, field, message);
    }

    static IngestOutcome conflict() {
        return new IngestOutcome(
                Kind.Conflict,
                RecordError.PayloadDiffers,
                "id",
                "Another record came under this source and id before: it stays");
    }

    static IngestOutcome discarded() {
        return rejected(
                RecordError.RecordDiscarded,
                "id",
                "An operator discarded this record: send a correction under a new id");
    }

    static IngestOutcome quarantined(RecordError reason) {
        boolean subscription = reason == RecordError.SubscriptionUnknown;
        return new IngestOutcome(
                Kind.Quarantined,
                reason,
                subscription ? "subject" : "data.meterId",
                "The " + (subscription ? "subscription" : "meter")
                        + " is unknown: the record is kept, and taken when it becomes known");
    }
}
