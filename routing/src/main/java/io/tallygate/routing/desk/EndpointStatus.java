package io.tallygate.routing.desk;

import java.time.Instant;
import java.util.List;

/**
 * An endpoint as its events show it.
 *
 * @param name what registrations and the configuration call it
 * @param pausedUntil nothing is sent before; null unless it did not take our credentials
 * @param pauseReason null likewise
 * @param pendingEvents those of held payers too
 * @param oldestPending the earliest hour of a pending event; null if there is none
 * @param waitingRows routed rows that are in no event yet
 * @param oldestWaiting the earliest usage hour of those rows; null if there is none
 */
public record EndpointStatus(
        String name,
        Instant pausedUntil,
        String pauseReason,
        long pendingEvents,
        Instant oldestPending,
        long waitingRows,
        Instant oldestWaiting) {

    /**
     * All endpoints that something refers to.
     *
     * @param hold of all delivery; null if there is none
     */
    public record All(Hold hold, List<EndpointStatus> endpoints) {}
}
