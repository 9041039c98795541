package io.tallygate.store.aggregate;

import io.tallygate.store.Viewer;
import java.time.Instant;

/**
 * A query for aggregates.
 *
 * @param viewer who asks, whatever it asks for: the second wall goes by it
 * @param scope what it may see of what it asked for: the first wall
 * @param reportedStart where the whole range begins, of which this may be a later page: it must be kept
 * @param reportedEnd exclusive; a boundary of the granularity
 * @param after where the page begins
 * @param pageSize rows at the most
 */
public record UsageQuery(
        Viewer viewer,
        UsageScope scope,
        AggregationGranularity granularity,
        Instant reportedStart,
        Instant reportedEnd,
        PagePosition after,
        int pageSize) {

    /** The largest page that clients know. */
    public static final int MAX_PAGE = 1000;

    /** The same query from another place on, and for so many rows. */
    public UsageQuery after(PagePosition position, int rows) {
        return new UsageQuery(viewer, scope, granularity, reportedStart, reportedEnd, position, rows);
    }
}
