package io.tallygate.store.collect;

import io.tallygate.store.Rows;
import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * How far a source is collected.
 *
 * @param registrationId whose usage it is; null if the registration is gone
 * @param begins where collecting began, in the time at which the source reported; null for files
 * @param completeThrough all that it reported from {@code begins} until before this is stored; null for files
 * @param plannedThrough through which there are windows; null for files
 * @param waiting windows that are not collected
 * @param underWay those of them that a gateway is at
 * @param counts of all windows that are collected
 * @param failures in a row; 0 when the last attempt went well
 * @param failure what the last one was, however long ago; null if there was none
 * @param failedAt when that was; null if there was none
 * @param succeededAt when a window was last collected; null before the first
 * @param pausedUntil nobody asks it before; null if anybody may
 * @param configured whether a gateway that runs has it in its configuration
 * @param seenAt when one last had; null if that was never noted
 * @param trouble why that gateway does not collect it; null if it does
 * @param problem why a record was refused, of the latest window of which any was; null if there is none
 * @param problemFrom where that window begins; null likewise
 * @param endedAt since when nothing waits for it any more; null if it goes on
 * @param now the database clock
 */
public record CollectedSource(
        String source,
        Long registrationId,
        Instant begins,
        Instant completeThrough,
        Instant plannedThrough,
        long waiting,
        long underWay,
        CollectCounts counts,
        int failures,
        String failure,
        Instant failedAt,
        Instant succeededAt,
        Instant pausedUntil,
        boolean configured,
        Instant seenAt,
        String trouble,
        String problem,
        Instant problemFrom,
        Instant endedAt,
        Instant now) {
    /** That of a row. */
    static CollectedSource of(Row row) {
        return new CollectedSource(
                row.getString("source"),
                row.getLong("registration_id"),
                Rows.instant(row, "begins_at"),
                Rows.instant(row, "complete_through"),
                Rows.instant(row, "planned_through"),
                row.getLong("waiting"),
                row.getLong("under_way"),
                CollectCounts.of(row),
                row.getInteger("failures"),
                row.getString("failure"),
                Rows.instant(row, "failed_at"),
                Rows.instant(row, "succeeded_at"),
                Rows.instant(row, "asked_from"),
                row.getBoolean("configured"),
                Rows.instant(row, "seen_at"),
                row.getString("trouble"),
                row.getString("problem"),
                Rows.instant(row, "problem_from"),
                Rows.instant(row, "ended_at"),
                Rows.instant(row, "now"));
    }
}
