package io.tallygate.store.collect;

import io.tallygate.store.usage.IngestOutcome;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
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

    /** As people read them: {@code 7 rows: 4 records accepted, 3 duplicates, …}. */
    public String text() {
        return rows + " rows: " + accepted + " records accepted, " + duplicate + " duplicates, " + conflict
                + " conflicts, " + quarantined + " quarantined, " + rejected + " rejected";
    }

    /** Those in the columns of a row. */
    static CollectCounts of(Row row) {
        return new CollectCounts(
                row.getLong("row_count"),
                row.getLong("accepted"),
                row.getLong("duplicate"),
                row.getLong("conflict"),
                row.getLong("quarantined"),
                row.getLong("rejected"));
    }

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

    /** These after what a statement has already: the outcomes, in the order of {@link #of}. */
    Tuple outcomesAfter(Tuple values) {
        return values.addLong(accepted)
                .addLong(duplicate)
                .addLong(conflict)
                .addLong(quarantined)
                .addLong(rejected);
    }

    /** Both together. */
    public CollectCounts plus(CollectCounts more) {
        return new CollectCounts(
                rows + more.rows,
                accepted + more.accepted,
                duplicate + more.duplicate,
                conflict + more.conflict,
                quarantined + more.quarantined,
                rejected + more.rejected);
    }

    private static long count(List<IngestOutcome> outcomes, IngestOutcome.Kind kind) {
        return outcomes.stream().filter(outcome -> outcome.kind() == kind).count();
    }
}
