package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.Submission;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Due events of one payer, leased to this gateway.
 *
 * @param id names the submission that they go out with
 * @param events may be none: if others have all that is due, or if all that was due was set aside
 * @param setAside how many became {@code manual}, since nobody may send them any more
 * @param probe whether it is the one submission that is let through after a pause of the endpoint
 * @param began {@link System#nanoTime} before the lease began
 */
record Claim(UUID id, SubscriptionId payer, List<Leased> events, int setAside, boolean probe, long began) {

    /**
     * A leased event.
     *
     * @param reportedTime with payer and key: its primary key
     * @param token whoever has another one has no say
     * @param attempts that counted, before this one
     * @param wasUnknown whether it may have been billed before this attempt
     */
    record Leased(Instant reportedTime, long token, int attempts, boolean wasUnknown, Submission.Event content) {
        /** The event's key. */
        UUID key() {
            return content.key();
        }
    }

    /** What is sent. */
    Submission submission() {
        return new Submission(id, payer, events.stream().map(Leased::content).toList());
    }
}
