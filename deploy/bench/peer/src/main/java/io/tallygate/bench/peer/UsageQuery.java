package io.tallygate.bench.peer;

import java.time.Instant;
import java.util.UUID;

/** What is asked for: everyone's rows if {@code subscription} is null. */
record UsageQuery(Granularity granularity, Position after, Instant end, UUID subscription, String type) {}
