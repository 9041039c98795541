package io.tallygate.routing.commerce;

import java.time.Duration;
import java.util.Optional;

/**
 * The terms on which an endpoint takes events.
 *
 * @param grouping which rows make an event
 * @param slots whether it takes one event per payer, dimension and hour; only with {@link Grouping#HOUR}
 * @param acceptsNegative whether an event's quantity may be zero or less; if not, such a sum is carried into the next
 *     positive event of the payer and dimension
 * @param maxAge how long after its effective hour's start an event is still taken; empty: for ever
 * @param dedupeWindow how long the endpoint remembers a key; empty: for ever. An event whose outcome is unknown for
 *     longer must not be sent again
 * @param batchLimit the most events of one submission
 * @param settle how long after the end of a usage hour its events are composed; less than {@code maxAge}
 */
public record Terms(
        Grouping grouping,
        boolean slots,
        boolean acceptsNegative,
        Optional<Duration> maxAge,
        Optional<Duration> dedupeWindow,
        int batchLimit,
        Duration settle) {
    /** @throws IllegalArgumentException if they contradict each other */
    public Terms {
        if (slots && grouping != Grouping.HOUR) {
            throw new IllegalArgumentException("Slots are hours: expected the grouping HOUR, not " + grouping);
        }
        if (maxAge.filter(age -> age.compareTo(settle) <= 0).isPresent()) {
            throw new IllegalArgumentException("settle must be less than maxAge, not " + settle + " of " + maxAge.get()
                    + ": all usage would be too old before it is composed");
        }
        if (batchLimit < 1) {
            throw new IllegalArgumentException("A batch has one event or more, not " + batchLimit);
        }
    }
}
