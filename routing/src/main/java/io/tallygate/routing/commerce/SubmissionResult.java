package io.tallygate.routing.commerce;

import io.tallygate.routing.outbound.RetryAfter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What became of a submission.
 *
 * @param events one for each event of the submission, in its order
 * @param retryAfter as the endpoint wishes, before anything else is sent; at most {@link #LONGEST_WISH}
 */
public record SubmissionResult(List<EventResult> events, Optional<Duration> retryAfter) {
    /** No wish is granted for longer: an endpoint that says ten years has a defect. */
    public static final Duration LONGEST_WISH = RetryAfter.LONGEST;

    /**
     * What became of one event.
     *
     * @param remoteId the endpoint's id of the event or the request, or null
     * @param detail for people, without secrets and at most 1,000 characters; or null
     */
    public record EventResult(UUID key, Outcome outcome, String remoteId, String detail) {}

    /** The same for all events of a submission. */
    public static SubmissionResult ofAll(Submission submission, Outcome outcome, String remoteId, String detail) {
        return new SubmissionResult(
                submission.events().stream()
                        .map(event -> new EventResult(event.key(), outcome, remoteId, detail))
                        .toList(),
                Optional.empty());
    }

    /** The same with the endpoint's wish. */
    public SubmissionResult retryingAfter(Optional<Duration> wish) {
        return new SubmissionResult(events, wish);
    }
}
