package io.tallygate.store.usage;

/**
 * Why a usage record is not taken: the codes of outcomes other than {@code Accepted} and {@code Duplicate}. The README
 * documents each, and a test holds it to that.
 */
public enum RecordError {
    InvalidJson("the event is not a JSON object that can be read"),
    MissingProperty("a required field is missing"),
    InvalidProperty("a field is not what it should be"),
    InvalidText("a text holds NUL, another control character, or half of a surrogate pair"),
    TextTooLong("a text is over its limit"),
    InvalidQuantity("the quantity is not a finite decimal"),
    QuantityOutOfRange("the quantity has more than 15 digits after the point or more than 23 before it"),
    UsageTimeNotWithinHour("the usage time does not lie within one UTC hour"),
    UsageTimeInFuture("the usage time is more than 5 minutes ahead"),
    UsageTimeTooOld("the usage is older than what is kept"),
    WindowSealed("backfill only: the window of its usage hour takes no more records"),
    RecordDiscarded("an operator discarded this record: a correction needs a new id"),
    PayloadDiffers("another record came under this source and id before, and stays"),
    SubscriptionUnknown("the subscription is unknown: kept, and taken when it becomes known"),
    MeterUnknown("the meter is unknown: kept, and taken when it becomes known");

    private final String when;

    RecordError(String when) {
        this.when = when;
    }

    /** When it is given, as the README says it. */
    public String when() {
        return when;
    }
}
