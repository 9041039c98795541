package io.tallygate.routing.delivery;

/** What the table of events and the ledger say where no endpoint said it; operators see and ask for these words. */
public final class EventWords {
    /** The reason of a manual event whose outcome was unknown for longer than the endpoint remembers keys. */
    public static final String OUTCOME_UNKNOWN = "OutcomeUnknown";

    /** The reason of a manual event whose sum is zero or less, which the endpoint does not take. */
    public static final String NEGATIVE_SUM = "NegativeSum";

    /** The reason of a waived event of rows that waited for an event which was waived. */
    public static final String AWAITED_EVENT_WAIVED = "AwaitedEventWaived";

    /** In the ledger: the event is never sent (again). */
    public static final String WAIVED = "Waived";

    private EventWords() {}
}
