package io.tallygate.store.summary;

import io.tallygate.store.Viewer;
import java.time.Instant;

/**
 * A query for a summary.
 *
 * @param viewer who asks, whatever it asks for: the second wall goes by it
 * @param scope what it may see of what it asked for: the first wall
 * @param from when the usage was used, inclusive; a UTC midnight, or with hours a whole hour
 * @param to likewise, exclusive
 * @param top how many groups of each meter are kept, those with most usage; the others are summed
 * @param open whether also usage is shown that is not sealed yet, apart
 */
public record SummaryQuery(
        Viewer viewer,
        SummaryScope scope,
        Instant from,
        Instant to,
        SummaryGranularity granularity,
        Grouping groupBy,
        SummaryFilter filter,
        int top,
        boolean open) {

    /** The most points that one summary has. */
    public static final int MAX_POINTS = 20_000;

    /** Whether it takes to know the resource instances. */
    boolean ofInstances() {
        return groupBy.kind().ofInstance() || filter.ofInstance();
    }

    /** Whether sums by day and meter do not say enough: then it is summed from the aggregates. */
    boolean ofAggregates() {
        return ofInstances() || granularity == SummaryGranularity.HOURLY;
    }
}
