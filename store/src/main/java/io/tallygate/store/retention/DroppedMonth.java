package io.tallygate.store.retention;

import java.time.Instant;

/**
 * A month that is gone.
 *
 * @param month when it began, in UTC
 * @param records how many usage records it had
 * @param bytes what its tables took
 */
public record DroppedMonth(Instant month, long records, long bytes) {}
