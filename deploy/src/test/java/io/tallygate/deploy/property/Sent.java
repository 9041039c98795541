package io.tallygate.deploy.property;

import java.time.Instant;

/**
 * A record that was sent and its acknowledged outcome.
 *
 * @param backfill whether it asked for the window of its usage hour
 * @param refusal the code that a record which is wrong in itself must get; null for a good one
 * @param closedBefore a time before which windows were surely closed when it was sent
 * @param closedAfter a time after which windows were surely open when it was answered
 */
record Sent(
        String id,
        Payload payload,
        boolean backfill,
        String refusal,
        String outcome,
        String code,
        Instant closedBefore,
        Instant closedAfter) {}
