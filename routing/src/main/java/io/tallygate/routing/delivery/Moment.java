package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.Terms;
import io.tallygate.store.aggregate.AggregationGranularity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far composing can go now. While it stays the same, nothing becomes due but what is released from waiting.
 *
 * @param routedThrough windows before it are routed
 * @param moved the last number of what re-routes added to the window that is routed next; null if there is none
 * @param lastHour the last usage hour that is settled
 * @param lastDay before this midnight days are routed and settled
 * @param earliest the first hour that the endpoint still takes by the time it is sent; null: any
 * @param expired what was reported before it waited long enough for something to join; null: it waits for ever
 */
record Moment(
        Instant routedThrough, Integer moved, Instant lastHour, Instant lastDay, Instant earliest, Instant expired) {
    private static final Duration HOUR = Duration.ofHours(1);
    // A composed event has this long to be sent.
    private static final Duration MARGIN = HOUR;

    /** The moment at this time of the database's clock. */
    static Moment of(Instant now, Instant routedThrough, Integer moved, Terms terms) {
        Instant settled = now.minus(terms.settle());
        Instant lastHour = AggregationGranularity.Hourly.floor(settled).minus(HOUR);
        Instant days = settled.isBefore(routedThrough) ? settled : routedThrough;
        Optional<Instant> limit = terms.maxAge().map(now::minus);
        return new Moment(
                routedThrough,
                moved,
                lastHour,
                AggregationGranularity.Daily.floor(days),
                limit.map(time -> earliest(time, lastHour)).orElse(null),
                limit.map(AggregationGranularity.Hourly::floor).orElse(null));
    }

    // If the endpoint takes an hour for less time than it needs to settle, the last settled one has the best chance.
    private static Instant earliest(Instant limit, Instant lastHour) {
        Instant hour = AggregationGranularity.Hourly.floor(limit.plus(MARGIN)).plus(HOUR);
        return hour.isAfter(lastHour) ? lastHour : hour;
    }
}
