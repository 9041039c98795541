package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.Outcome;
import io.tallygate.store.directory.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Told of what happens in delivery; logs and metrics are observers. Its methods must not block or fail. */
public interface DeliveryObserver {
    /** Rows were put into new events. */
    void composed(String endpoint, int events);

    /**
     * A submission came back, whatever became of its events, and also if it was given up.
     *
     * @param submission its id in the ledger; without hyphens, the id of the trace that it was sent with
     * @param took from before it was sent until its answer was read
     */
    void submitted(String endpoint, UUID submission, int events, Duration took);

    /** Events had this outcome in one submission; {@code detail} is what one of them was told, or null. */
    void attempted(String endpoint, Outcome outcome, int events, String detail);

    /** Answers came for events that another gateway had taken over: they moved nothing. */
    void fenced(String endpoint, int events);

    /** Events became {@code manual} or dead letters, for this reason. */
    void setAside(String endpoint, String reason, int events);

    /** The endpoint's breaker changed: {@code closed}, {@code open} or {@code half_open}. */
    void breaker(String endpoint, String state);

    /** The endpoint does not take our credentials: nothing is sent before this time. */
    void paused(String endpoint, Instant until, String reason);

    /** The endpoint refused the payer: nothing is sent for it until somebody resumes it. */
    void held(String endpoint, SubscriptionId payer, String reason);

    /** Pending events are old: the oldest will not be taken any more after {@code left}. */
    void expiring(String endpoint, int events, Duration left);
}
