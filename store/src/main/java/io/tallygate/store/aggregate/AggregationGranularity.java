package io.tallygate.store.aggregate;

import java.time.Duration;
import java.time.Instant;

/** How usage is summed: per UTC hour or per UTC day. The names are those of the wire. */
public enum AggregationGranularity {
    Hourly("usage_hourly", Duration.ofHours(1)),
    Daily("usage_daily", Duration.ofDays(1));

    private final String table;
    private final Duration length;

    AggregationGranularity(String table, Duration length) {
        this.table = table;
        this.length = length;
    }

    String table() {
        return table;
    }

    /** The length of a window. */
    public Duration length() {
        return length;
    }

    /** Whether a time is a window's boundary: on the hour, or at UTC midnight. */
    public boolean isBoundary(Instant time) {
        return time.getNano() == 0 && Math.floorMod(time.getEpochSecond(), length.toSeconds()) == 0;
    }

    /** The latest boundary that is not after the time. */
    public Instant floor(Instant time) {
        return Instant.ofEpochSecond(time.getEpochSecond() - Math.floorMod(time.getEpochSecond(), length.toSeconds()));
    }
}
