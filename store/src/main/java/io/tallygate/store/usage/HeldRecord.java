package io.tallygate.store.usage;

import java.time.Instant;

/**
 * A record that is kept but not taken.
 *
 * @param heldId counts up; pages are read in its order
 * @param reason why it is not taken
 * @param receivedAt when it came
 */
public record HeldRecord(long heldId, RecordError reason, Instant receivedAt, UsageRecord record) {}
