package io.tallygate.gateway.admission;

/** Why a request was not let in; each is a value of the label {@code reason} of a metric. */
public enum Refusal {
    /** The tenant asks faster than its rate. */
    TenantRate,
    /** The tenant has as many requests in the line as it may have, or the line is full. */
    LineFull,
    /** It waited as long as one may. */
    Waited,
    /** The tenant has too many answers that it does not take. */
    AnswersUntaken,
    /** There are as many streams of records as there may be. */
    IngestStreams,
    /** Too many credentials from the same address were refused. */
    BadCredentials
}
