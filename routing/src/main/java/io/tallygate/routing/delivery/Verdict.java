package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.Disposition.Certainty;
import io.tallygate.routing.commerce.Outcome;
import io.tallygate.routing.commerce.SubmissionResult.EventResult;
import java.time.Duration;

/**
 * What follows for one event from what became of it.
 *
 * @param state {@code pending}, {@code delivered} or {@code dead}
 * @param reason of a dead letter; else null
 * @param counted whether the attempt counts
 * @param delay before it is due again, if it is pending
 * @param known whether it is certain now what the endpoint has of it
 * @param batchLimit of its next submission; null: as before
 */
record Verdict(
        Claim.Leased event,
        EventResult result,
        String state,
        String reason,
        boolean counted,
        Duration delay,
        boolean known,
        Integer batchLimit) {
    private static final String PENDING = "pending";
    private static final String DEAD = "dead";

    /**
     * What they are judged by.
     *
     * @param batch how many events the submission had
     * @param wish of the endpoint, before anything is sent again; zero if it had none
     * @param breaker how long the breaker stays open
     */
    record Circumstances(int batch, Backoff backoff, Duration wish, Duration breaker) {}

    /** Judges. Pure. */
    static Verdict of(Claim.Leased event, EventResult result, Circumstances circumstances) {
        Outcome outcome = result.outcome();
        boolean known = isKnown(event, outcome);
        return switch (outcome.disposition()) {
            case DELIVERED -> new Verdict(event, result, "delivered", null, true, Duration.ZERO, known, null);
            case DEAD -> new Verdict(event, result, DEAD, outcome.name(), true, Duration.ZERO, known, null);
            case RETRY ->
                new Verdict(
                        event,
                        result,
                        PENDING,
                        null,
                        true,
                        circumstances.backoff().after(event.attempts() + 1, circumstances.wish()),
                        known,
                        null);
            case SPLIT ->
                circumstances.batch() == 1
                        ? new Verdict(event, result, DEAD, Outcome.BadArgument.name(), true, Duration.ZERO, known, null)
                        : new Verdict(
                                event, result, PENDING, null, false, Duration.ZERO, known, circumstances.batch() / 2);
            case RESCHEDULE -> new Verdict(event, result, PENDING, null, false, circumstances.breaker(), known, null);
            case HOLD_PAYER, PAUSE_ENDPOINT ->
                new Verdict(event, result, PENDING, null, false, Duration.ZERO, known, null);
        };
    }

    // What was unknown before stays so when only this attempt is known to have failed; unless the endpoint said what it
    // has under the event's key.
    private static boolean isKnown(Claim.Leased event, Outcome outcome) {
        return outcome.certainty() == Certainty.BILLED
                || outcome == Outcome.Conflict
                || (outcome.certainty() == Certainty.NOT_BILLED && !event.wasUnknown());
    }

    /** The number of attempts that counted, with this one. */
    int attempts() {
        return event.attempts() + (counted ? 1 : 0);
    }
}
