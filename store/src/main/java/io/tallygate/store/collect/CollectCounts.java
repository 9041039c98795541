package io.tallygate.store.collect;

import io.tallygate.store.usage.IngestOutcome;
import java.util.List;

/**
 * What a pull of a window brought.
 *
 * @param rows of the source; a row of a day is several records
 * @param duplicate records that were here already
 * @param conflict records whose identity was here with another content
 * @param quarantined records whose subscription or meter is not known yet
 * @param rejected records that were not taken, and never will be as they are
 */
public record CollectCounts(long rows, long accepted, long duplicate, long conflict, long quarantined, long rejected) {
    /** Nothing yet. */
    public static final CollectCounts NONE = new CollectCounts(0, 0, 0, 0, 0, 0);

    /** With these rows and the outcomes of their records. */
    public CollectCounts plus(long moreRows, List<IngestOutcome> outcomes) {
        return new CollectCounts(
                rows + moreRows,
                accepted + count(outcomes, IngestOutcome.Kind.Accepted),
                duplicate + count(outcomes, IngestOutcome.Kind.Duplicate),
                conflict + count(outcomes, IngestOutcome.Kind.Conflict),
                quarantined + count(outcomes, IngestOutcome.Kind.Quarantined),
                rejected + count(outcomes, IngestOutcome.Kind.Rejected));
    }

    private static long count(List<IngestOutcome> outcomes, IngestOutcome.Kind kind) {
        return outcomes.stream().filter(outcome -> outcome.kind() == kind).count();
    }
}
