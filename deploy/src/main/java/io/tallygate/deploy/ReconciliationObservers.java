package io.tallygate.deploy;

import io.tallygate.routing.ledger.Reconciliation;
import io.tallygate.routing.ledger.ReconciliationObserver;
import java.time.Instant;
import java.util.List;

/** Tells several observers, in order. */
record ReconciliationObservers(List<ReconciliationObserver> all) implements ReconciliationObserver {
    @Override
    public void balanced(Reconciliation found, Instant checkedAt) {
        all.forEach(each -> each.balanced(found, checkedAt));
    }

    @Override
    public void unbalanced(Reconciliation found, List<String> differences, Instant checkedAt) {
        all.forEach(each -> each.unbalanced(found, differences, checkedAt));
    }

    @Override
    public void stuck(List<String> events, Instant checkedAt) {
        all.forEach(each -> each.stuck(events, checkedAt));
    }
}
