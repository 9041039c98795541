package io.tallygate.store.collect;

import java.time.Instant;

/**
 * Through when a source is complete.
 *
 * @param registrationId whose usage it is; null if the registration is gone
 * @param completeThrough all that it reported before this is stored; null for a source of files, of which nobody knows
 * @param waiting windows that are not collected
 * @param now the database clock
 */
public record SourceCompleteness(
        String source, Long registrationId, Instant completeThrough, long waiting, Instant now) {}
