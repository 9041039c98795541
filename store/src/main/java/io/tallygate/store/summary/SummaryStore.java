package io.tallygate.store.summary;

import io.tallygate.store.Reads;
import io.tallygate.store.SealedReads;
import io.tallygate.store.Viewer;
import io.tallygate.store.aggregate.MeterLabel;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads summaries. */
public final class SummaryStore {
    private static final String METER =
            "select meter_key from meter where lower(meter_id collate \"C\") = lower($1::text collate \"C\")";
    private static final String METERS = "select meter_key, meter_id, name, unit from meter";

    private static final int SEALED_THROUGH = 0;
    private static final int FIRST_HOUR = 1;
    private static final int KEY = 2;
    private static final int LABEL = 3;
    private static final int OTHER = 4;
    private static final int METER_KEY = 5;
    private static final int TOTAL = 6;
    private static final int RECORDS = 7;
    private static final int COMPLETE = 8;
    private static final int TIMES = 9;
    private static final int QUANTITIES = 10;
    private static final int OPENS = 11;

    private final SealedReads sealed;

    /** Reads there. */
    public SummaryStore(SealedReads sealed) {
        this.sealed = sealed;
    }

    /**
     * The summary; null if the meter that it asks for is not in the catalogue. Fails with a
     * {@link io.tallygate.store.NotKeptException} if its range begins before what is kept.
     */
    public Future<Summary> summarise(SummaryQuery query) {
        return query.filter().meter() == null
                ? read(query, null)
                : meter(query.filter().meter())
                        .compose(meter -> meter == null ? Future.succeededFuture() : read(query, meter));
    }

    private Future<Integer> meter(String id) {
        return sealed.primary()
                .read(connection -> connection
                        .preparedQuery(METER)
                        .execute(Tuple.of(id))
                        .map(rows ->
                                rows.size() == 0 ? null : rows.iterator().next().getInteger(0)));
    }

    // What is not sealed yet is read on the primary.
    private Future<Summary> read(SummaryQuery query, Integer meter) {
        SummarySql sql = new SummarySql(query, meter);
        String text = sql.text();
        return query.open()
                ? read(sealed.primary(), query.viewer(), text, sql.parameters())
                : sealed.readAll(from -> read(from, query.viewer(), text, sql.parameters()));
    }

    // The catalogue is read last, as the application: it has every meter of the sums then.
    private static Future<Summary> read(Reads from, Viewer viewer, String sql, Tuple parameters) {
        return from.read(viewer, connection -> connection.preparedQuery(sql).execute(parameters))
                .compose(rows -> meters(from).map(meters -> summary(rows, meters)));
    }

    private static Future<Map<Integer, MeterLabel>> meters(Reads from) {
        return from.read(connection -> connection.preparedQuery(METERS).execute())
                .map(rows -> {
                    Map<Integer, MeterLabel> meters = new HashMap<>();
                    rows.forEach(row -> meters.put(
                            row.getInteger(0), new MeterLabel(row.getString(1), row.getString(2), row.getString(3))));
                    return meters;
                });
    }

    private static Summary summary(RowSet<Row> rows, Map<Integer, MeterLabel> meters) {
        List<Summary.Series> series = new ArrayList<>(rows.size());
        boolean complete = true;
        Row last = null;
        for (Row row : rows) {
            last = row;
            // Without usage there is still a row that says how far the windows are.
            if (row.getInteger(METER_KEY) != null) {
                complete &= row.getBoolean(COMPLETE);
                series.add(series(row, meters));
            }
        }
        return new Summary(instant(last.getLong(SEALED_THROUGH)), instant(last.getLong(FIRST_HOUR)), series, complete);
    }

    private static Summary.Series series(Row row, Map<Integer, MeterLabel> meters) {
        String label = row.getString(LABEL);
        return new Summary.Series(
                row.getString(KEY),
                label == null ? "" : label,
                row.getBoolean(OTHER),
                meters.get(row.getInteger(METER_KEY)),
                row.getString(TOTAL),
                row.getLong(RECORDS),
                row.getBoolean(COMPLETE) ? points(row) : List.of());
    }

    private static List<Summary.Point> points(Row row) {
        Long[] times = row.getArrayOfLongs(TIMES);
        String[] quantities = row.getArrayOfStrings(QUANTITIES);
        String[] opens = row.getArrayOfStrings(OPENS);
        List<Summary.Point> points = new ArrayList<>(times.length);
        for (int i = 0; i < times.length; i++) {
            points.add(new Summary.Point(instant(times[i]), quantities[i], opens[i]));
        }
        return points;
    }

    private static Instant instant(Long seconds) {
        return seconds == null ? null : Instant.ofEpochSecond(seconds);
    }
}
