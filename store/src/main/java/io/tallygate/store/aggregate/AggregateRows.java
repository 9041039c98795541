package io.tallygate.store.aggregate;

import io.tallygate.store.Reads;
import io.tallygate.store.Viewer;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The columns that every statement on aggregates begins with, and how they are read, in pages by key. */
public final class AggregateRows {
    /**
     * Of a table under the alias {@code a}. Quantities come as the text that they leave as, and times, which are whole
     * hours, as seconds: to make a date of each took longer than to read the row.
     */
    public static final String COLUMNS = """
            date_part('epoch', a.reported_time), a.seq, a.subscription_id, date_part('epoch', a.usage_time),
              trim_scale(a.quantity)::text, a.meter_key, a.instance_id""";

    static final int SUBSCRIPTION = 2;
    static final int METER = 5;
    static final int INSTANCE = 6;
    private static final int REPORTED_TIME = 0;
    private static final int SEQ = 1;
    private static final int USAGE_TIME = 3;
    private static final int QUANTITY = 4;

    private final Dimensions dimensions;

    /** Rows refer to {@code dimensions} of the database that they are read from. */
    public AggregateRows(Dimensions dimensions) {
        this.dimensions = dimensions;
    }

    /**
     * A page of the query.
     *
     * @param from where all of it is read
     * @param sql selects {@link #COLUMNS} and what the mapping needs, of at most one row more than the page's size
     */
    public Future<Page<UsageAggregate, PagePosition>> page(
            Reads from,
            UsageQuery query,
            String sql,
            Tuple parameters,
            Function<StoredAggregate, UsageAggregate> mapping) {
        return from.read(
                        query.viewer(),
                        connection -> connection.preparedQuery(sql).execute(parameters))
                .compose(rows -> dimensions.of(from, rows).map(of -> aggregates(rows, of, mapping)))
                .map(rows -> Page.of(rows, query.pageSize(), UsageAggregate::position));
    }

    /** What a statement counts of what this viewer may see. */
    public static Future<Long> count(Reads from, Viewer viewer, String sql, Tuple parameters) {
        return from.read(viewer, connection -> connection.preparedQuery(sql).execute(parameters))
                .map(counts -> counts.iterator().next().getLong(0));
    }

    private static List<UsageAggregate> aggregates(
            RowSet<Row> rows, Dimensions.Of of, Function<StoredAggregate, UsageAggregate> mapping) {
        List<UsageAggregate> aggregates = new ArrayList<>(rows.size());
        LastInstant reportedTime = new LastInstant();
        LastInstant usageTime = new LastInstant();
        for (Row row : rows) {
            int place = aggregates.size();
            aggregates.add(mapping.apply(new StoredAggregate(
                    row,
                    new PagePosition(reportedTime.of(row.getDouble(REPORTED_TIME)), row.getInteger(SEQ)),
                    usageTime.of(row.getDouble(USAGE_TIME)),
                    row.getString(QUANTITY),
                    of.meters().get(place),
                    of.instances().get(place))));
        }
        return aggregates;
    }

    // Rows of one window follow each other: they share its time.
    private static final class LastInstant {
        private long seconds;
        private Instant instant = Instant.EPOCH;

        Instant of(double next) {
            if ((long) next != seconds) {
                seconds = (long) next;
                instant = Instant.ofEpochSecond(seconds);
            }
            return instant;
        }
    }
}
