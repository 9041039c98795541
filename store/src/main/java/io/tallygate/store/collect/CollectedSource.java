package io.tallygate.store.collect;

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
        Instant now) {}
