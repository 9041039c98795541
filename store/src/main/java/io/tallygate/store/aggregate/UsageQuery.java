package io.tallygate.store.aggregate;

import java.time.Instant;

/**
 * A query for aggregates.
 *
 * @param reportedEnd exclusive; a boundary of the granularity
 * @param after where the page begins
 * @param pageSize rows at the most
 */
public record UsageQuery(
        UsageScope scope, AggregationGranularity granularity, Instant reportedEnd, PagePosition after, int pageSize) {

    /** The largest page that clients know. */
    public static final int MAX_PAGE = 1000;

    /** The same query from another place on, and for so many rows. */
    public UsageQuery after(PagePosition position, int rows) {
        return new UsageQuery(scope, granularity, reportedEnd, position, rows);
    }
}
