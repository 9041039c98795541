package io.tallygate.deploy.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallygate.routing.ledger.Reconciliation;
import io.tallygate.routing.ledger.ReconciliationObserver;
import java.time.Instant;
import java.util.List;

/** Whether the books balance, once they have been checked. */
public final class BookMetrics implements ReconciliationObserver {
    private final MeterRegistry registry;
    private volatile Check check;

    /** The last check of the books. */
    private record Check(int differences, boolean balanced, Instant time) {}

    BookMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void balanced(Reconciliation found, Instant checkedAt) {
        reconciled(new Check(0, true, checkedAt));
    }

    @Override
    public void unbalanced(Reconciliation found, List<String> differences, Instant checkedAt) {
        reconciled(new Check(differences.size(), false, checkedAt));
    }

    /** The log names them; the books' metric means the books. */
    @Override
    public void stuck(List<String> events, Instant checkedAt) {}

    private void reconciled(Check made) {
        boolean first = check == null;
        check = made;
        if (first) {
            // Not before: nothing is known until then.
            Gauge.builder("tallygate.reconciliation.balanced", () -> check.balanced() ? 1 : 0)
                    .description("1 if the books balanced when they were checked last, 0 if they did not")
                    .register(registry);
            Gauge.builder("tallygate.reconciliation.differences", () -> check.differences())
                    .description(
                            "Figures that differed when the books were checked last; the log names them, 40 at most")
                    .register(registry);
            Gauge.builder("tallygate.reconciliation.checked", () -> check.time().getEpochSecond())
                    .description("When the books were checked last, in seconds since 1970")
                    .baseUnit("seconds")
                    .register(registry);
        }
    }
}
