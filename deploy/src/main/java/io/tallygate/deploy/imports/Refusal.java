package io.tallygate.deploy.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallygate.gateway.collect.UnreadableUsageException;

/**
 * Usage that was not taken: by the gateway (Rejected, Conflict, Quarantined), or before it was sent (Unreadable).
 *
 * @param line the physical line of the input file; the first is 1
 * @param source the event's {@code source}, or null if it is not known
 * @param id the event's {@code id}, or null if it is not known
 * @param outcome one of the gateway's outcomes, or {@link #UNREADABLE}
 * @param code a stable word for the reason
 * @param field what the reason is about, or null
 * @param message the reason, for a person
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Refusal(long line, String source, String id, String outcome, String code, String field, String message)
        implements ImportItem {
    /** The outcome of what could not be made into a usage record. */
    static final String UNREADABLE = "Unreadable";

    /** What could not be made into a usage record, for the reason given. */
    static Refusal unreadable(long line, String source, String id, UnreadableUsageException reason) {
        return new Refusal(line, source, id, UNREADABLE, reason.code(), reason.field(), reason.getMessage());
    }
}
