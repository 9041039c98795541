package io.tallygate.bench.peer;

import java.time.Duration;

/** How usage is summed; the names are those of the wire. */
enum Granularity {
    Hourly("usage_hourly", Duration.ofHours(1)),
    Daily("usage_daily", Duration.ofDays(1));

    final String table;
    final Duration length;

    Granularity(String table, Duration length) {
        this.table = table;
        this.length = length;
    }
}
