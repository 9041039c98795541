package io.tallygate.bench.peer;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** The query's parameters, as Spring binds them. */
record UsageParameters(
        String reportedStartTime,
        String reportedEndTime,
        Granularity aggregationGranularity,
        String continuationToken) {

    /** What they ask for, of one subscription or, for null, of all. */
    UsageQuery query(UUID subscriptionOrNull, String type) {
        return new UsageQuery(
                aggregationGranularity == null ? Granularity.Daily : aggregationGranularity,
                continuationToken == null
                        ? new Position(time(reportedStartTime), 0)
                        : Position.ofToken(continuationToken),
                time(reportedEndTime),
                subscriptionOrNull,
                type);
    }

    private static Instant time(String text) {
        return text.length() == 10
                ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                : OffsetDateTime.parse(text).toInstant();
    }
}
