package io.tallygate.routing.ledger;

import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a self-check found to the log, in a line each. */
public final class ReconciliationLog implements ReconciliationObserver {
    private static final Logger LOG = LoggerFactory.getLogger(ReconciliationLog.class);

    @Override
    public void balanced(Reconciliation found, Instant checkedAt) {
        LOG.info(
                "Self-check: the books from {} to {} agree, {} records accepted",
                found.from(),
                found.to(),
                found.totals().get(Account.ACCEPTED).count());
    }

    @Override
    public void unbalanced(Reconciliation found, List<String> differences, Instant checkedAt) {
        LOG.error(
                "Self-check: the books from {} to {} do not agree: {}",
                found.from(),
                found.to(),
                String.join("; ", differences));
    }

    @Override
    public void stuck(List<String> events, Instant checkedAt) {
        LOG.warn("Self-check: the endpoint takes others, and nobody sends these events: {}", String.join("; ", events));
    }
}
