package io.tallygate.store;

import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Between the client's types and ours. */
public final class Rows {
    private Rows() {}

    /** An instant as the client sends it. Null stays null. */
    public static OffsetDateTime utc(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    /** An instant of a row; null where the column is. */
    public static Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    /** One column of many rows, to be sent as an array and unnested. */
    public static <T, C> C[] array(Collection<T> rows, Function<? super T, C> column, IntFunction<C[]> array) {
        C[] values = array.apply(rows.size());
        int i = 0;
        for (T row : rows) {
            values[i++] = column.apply(row);
        }
        return values;
    }

    /** As {@code make_interval(secs => …)} takes it, to the millisecond. */
    public static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
