package io.tallygate.routing.ledger;

import java.time.Instant;
import java.util.List;

/** Told what a self-check found; logs and metrics are observers. Its methods must not block or fail. */
public interface ReconciliationObserver {
    /** All books agree. */
    void balanced(Reconciliation found, Instant checkedAt);

    /**
     * They do not.
     *
     * @param found in sum: not balanced, also if its totals are, because events are not the sum of their rows
     * @param differences for people, one or more, the first of them if there are many
     */
    void unbalanced(Reconciliation found, List<String> differences, Instant checkedAt);

    /**
     * Events were begun to be sent and left, while their endpoint took others; the books may agree all the same.
     *
     * @param events for people, one or more, the first of them if there are many
     */
    void stuck(List<String> events, Instant checkedAt);
}
