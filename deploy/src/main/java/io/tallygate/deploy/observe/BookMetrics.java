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
    private record Check(double differences, boolean balanced, Instant time) {}

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

    /** What the last check found, whichever gateway made it: only that one knows how many figures differed. */
    public void told(boolean balanced, Instant checkedAt) {
        Check known = check;
        double differences = balanced ? 0 : known == null || known.balanced() ? Double.NaN : known.differences();
        reconciled(new Check(differences, balanced, checkedAt));
    }

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
                            "Figures that differed when this gateway checked the books last, 40 at most; NaN if another did")
                    .register(registry);
            Gauge.builder("tallygate.reconciliation.checked", () -> check.time().getEpochSecond())
                    .description("When the books were checked last, in seconds since 1970")
                    .baseUnit("seconds")
                    .register(registry);
        }
    }
}
