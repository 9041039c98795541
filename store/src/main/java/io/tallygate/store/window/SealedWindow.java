package io.tallygate.store.window;

import io.tallygate.store.Rows;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * A sealed hour.
 *
 * @param lateRecords those of usage hours before the one that ended as it began: usage is reported when its hour is over
 * @param seconds how long sealing took, with the day where it was the last hour of one; null where that was not noted
 */
public record SealedWindow(Instant reportedHour, long records, long lateRecords, Instant sealedAt, BigDecimal seconds) {
    static final String COLUMNS = """
            reported_hour, record_count, late_record_count, sealed_at,
              round(extract(epoch from sealed_at - began_at), 3) as seconds""";

    static SealedWindow of(Row row) {
        return new SealedWindow(
                Rows.instant(row, "reported_hour"),
                row.getLong("record_count"),
                row.getLong("late_record_count"),
                Rows.instant(row, "sealed_at"),
                row.getBigDecimal("seconds"));
    }
}
