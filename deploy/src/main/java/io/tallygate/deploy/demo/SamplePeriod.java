package io.tallygate.deploy.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The days of the sample world's usage, from a UTC midnight (inclusive) to a UTC midnight (exclusive). */
public record SamplePeriod(Instant from, Instant to) {
    /** How many days there are. */
    public static final int DAYS = 30;

    /** The thirty days that end at the last UTC midnight before now. */
    public static SamplePeriod before(Instant now) {
        Instant midnight = now.truncatedTo(ChronoUnit.DAYS);
        return new SamplePeriod(midnight.minus(DAYS, ChronoUnit.DAYS), midnight);
    }

    /** The days in it. */
    int days() {
        return (int) Duration.between(from, to).toDays();
    }

    /** The first hour of this day, counted from 0. */
    Instant day(int day) {
        return from.plus(day, ChronoUnit.DAYS);
    }
}
