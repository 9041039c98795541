package io.tallygate.store.summary;

import io.tallygate.store.aggregate.MeterLabel;
import java.time.Instant;
import java.util.List;

/**
 * Usage by group and meter, as of one moment.
 *
 * @param sealedThrough what was reported before it is in the sums; null before the first window was closed
 * @param firstHour the first window; null likewise
 * @param complete false if it has more points than {@link SummaryQuery#MAX_POINTS}: then series have none
 */
public record Summary(Instant sealedThrough, Instant firstHour, List<Series> series, boolean complete) {
    /**
     * One group's usage of one meter.
     *
     * @param key the group: an id, a URI, a place, or a tag's value; empty for what has none, and for the others
     * @param label a name of the group; empty if there is none
     * @param other whether it is what is left beside the groups that are kept
     * @param meter null only for a meter that is not in the catalogue
     * @param total decimal text of what is sealed
     * @param records usage records in the total
     * @param points those with usage, in the order of time
     */
    public record Series(
            String key,
            String label,
            boolean other,
            MeterLabel meter,
            String total,
            long records,
            List<Point> points) {}

    /**
     * Usage of one hour, day or month, or all of it.
     *
     * @param time where it begins; for all of it the query's begin
     * @param quantity decimal text of what is sealed
     * @param open decimal text of what is not sealed yet; null if there is none
     */
    public record Point(Instant time, String quantity, String open) {}
}
