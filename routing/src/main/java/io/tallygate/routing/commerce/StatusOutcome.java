package io.tallygate.routing.commerce;

/** What the status of an answer means for a submission, where the protocol says nothing else. */
final class StatusOutcome {
    private StatusOutcome() {}

    /**
     * The outcome for all events of a submission whose answer has no results of single events. A 400, 409 or 422 for
     * several events says nothing about each: they are sent again in smaller batches until the one it is about is alone.
     *
     * @param status any but those that the adapter takes for a success
     * @param events of the submission
     */
    static Outcome of(int status, int events) {
        return switch (status) {
            case 400, 422 -> events > 1 ? Outcome.TooLarge : Outcome.BadArgument;
            case 401 -> Outcome.Unauthorized;
            case 403 -> Outcome.NotAuthorized;
            case 408 -> Outcome.Error;
            case 409 -> events > 1 ? Outcome.TooLarge : Outcome.Conflict;
            case 413 -> Outcome.TooLarge;
            case 429 -> Outcome.Throttled;
            // The rest, with a 404, is about the address or the protocol: nobody took the events, nobody refused them.
            default -> status >= 500 && status <= 599 ? Outcome.Error : Outcome.Nonsense;
        };
    }
}
