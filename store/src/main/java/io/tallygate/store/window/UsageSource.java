package io.tallygate.store.window;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a source reported, as far as it is sealed.
 *
 * @param firstHour the first usage hour that it ever reported, whatever is asked for
 * @param lastHour the last one
 * @param hours those of the range that is asked for in which it has records, in order
 */
public record UsageSource(String source, Instant firstHour, Instant lastHour, List<Hour> hours) {
    private static final Duration HOUR = Duration.ofHours(1);

    /** The records of a usage hour. */
    public record Hour(Instant time, long records) {}

    /**
     * Usage hours without a record.
     *
     * @param to the first hour that is none of them
     */
    public record Gap(Instant from, Instant to) {
        /** How many hours it has. */
        public long hours() {
            return Duration.between(from, to).toHours();
        }
    }

    /** A copy that nobody changes. */
    public UsageSource {
        hours = List.copyOf(hours);
    }

    /** The records of all hours that were asked for. */
    public long records() {
        return hours.stream().mapToLong(Hour::records).sum();
    }

    /**
     * The hours without a record, from {@code from} (and not before the first that it ever reported) until before
     * {@code to}; both are whole hours.
     */
    public List<Gap> gaps(Instant from, Instant to) {
        List<Gap> gaps = new ArrayList<>();
        Instant expected = from.isBefore(firstHour) ? firstHour : from;
        for (Hour hour : hours) {
            if (!hour.time().isBefore(to)) {
                break;
            }
            if (expected.isBefore(hour.time())) {
                gaps.add(new Gap(expected, hour.time()));
            }
            expected = hour.time().plus(HOUR);
        }
        if (expected.isBefore(to)) {
            gaps.add(new Gap(expected, to));
        }
        return gaps;
    }
}
