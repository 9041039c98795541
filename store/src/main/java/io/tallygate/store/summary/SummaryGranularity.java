package io.tallygate.store.summary;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** How long a point of a summary is, from the finest on. Days and months are those of UTC. */
public enum SummaryGranularity {
    HOURLY,
    DAILY,
    MONTHLY,
    TOTAL;

    /** How many points a range has at the most. */
    public long points(Instant from, Instant to) {
        return switch (this) {
            case HOURLY -> ChronoUnit.HOURS.between(from, to);
            case DAILY -> ChronoUnit.DAYS.between(from, to);
            case MONTHLY -> ChronoUnit.MONTHS.between(month(from), month(to.minusSeconds(1))) + 1;
            case TOTAL -> 1;
        };
    }

    private static YearMonth month(Instant time) {
        return YearMonth.from(time.atOffset(ZoneOffset.UTC));
    }
}
