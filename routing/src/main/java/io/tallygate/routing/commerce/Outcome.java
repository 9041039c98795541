package io.tallygate.routing.commerce;

import io.tallygate.routing.commerce.Disposition.Certainty;
import io.tallygate.routing.outbound.Trouble;

/** What became of one event in one submission: the only table of outcomes and what follows from them. */
public enum Outcome {
    Accepted(Disposition.DELIVERED, Certainty.BILLED, "the endpoint took it, and said so with the same content"),
    Duplicate(Disposition.DELIVERED, Certainty.BILLED, "the endpoint has it already, with the same content"),

    Conflict(Disposition.DEAD, Certainty.NOT_BILLED, "the endpoint has other content under its key or hour"),
    Expired(Disposition.DEAD, Certainty.NOT_BILLED, "it came later than the endpoint takes it"),
    InvalidDimension(Disposition.DEAD, Certainty.NOT_BILLED, "the endpoint does not know its dimension"),
    InvalidQuantity(Disposition.DEAD, Certainty.NOT_BILLED, "the endpoint does not take its quantity"),
    BadArgument(Disposition.DEAD, Certainty.NOT_BILLED, "the endpoint does not understand it (400, 422)"),

    ResourceNotFound(Disposition.HOLD_PAYER, Certainty.NOT_BILLED, "the endpoint does not know the payer"),
    NotAuthorized(Disposition.HOLD_PAYER, Certainty.NOT_BILLED, "we may not bill this payer (403)"),
    NotSubscribed(Disposition.HOLD_PAYER, Certainty.NOT_BILLED, "the payer's subscription is not in force"),

    Unauthorized(Disposition.PAUSE_ENDPOINT, Certainty.NOT_BILLED, "the endpoint does not take our credentials (401)"),
    TooLarge(Disposition.SPLIT, Certainty.NOT_BILLED, "the batch is too large (413), or refused as a whole"),

    Throttled(Disposition.RETRY, Certainty.NOT_BILLED, "too many requests (429)"),
    Refused(Disposition.RETRY, Certainty.NOT_BILLED, "nothing was sent: no connection, or no token"),
    Error(Disposition.RETRY, Certainty.UNKNOWN, "the endpoint failed (5xx, 408, or said so of the event)"),
    NoAnswer(Disposition.RETRY, Certainty.UNKNOWN, "no answer: the connection broke or time ran out"),
    Nonsense(Disposition.RETRY, Certainty.UNKNOWN, "an answer that does not fit: no JSON, another echo, a redirect"),

    BreakerOpen(Disposition.RESCHEDULE, Certainty.NOT_BILLED, "nothing was sent: the endpoint's breaker is open");

    private final Disposition disposition;
    private final Certainty certainty;
    private final String when;

    Outcome(Disposition disposition, Certainty certainty, String when) {
        this.disposition = disposition;
        this.certainty = certainty;
        this.when = when;
    }

    /** What it means for all of a submission that there is no answer. */
    static Outcome of(Trouble trouble) {
        return switch (trouble) {
            case NotSent -> Refused;
            case NoAnswer -> NoAnswer;
            case TooLarge -> Nonsense;
            case Unauthorized -> Unauthorized;
        };
    }

    /** What happens with the event next. */
    public Disposition disposition() {
        return disposition;
    }

    /** Whether the endpoint can have billed it because of this submission. */
    public Certainty certainty() {
        return certainty;
    }

    /** When it is given, as the documentation says it. */
    public String when() {
        return when;
    }

    /** Whether it speaks against the endpoint as a whole, so that the breaker should count it. */
    public boolean isEndpointFailure() {
        return this == Refused || this == Error || this == NoAnswer || this == Nonsense;
    }
}
