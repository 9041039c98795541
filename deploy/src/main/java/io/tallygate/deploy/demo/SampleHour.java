package io.tallygate.deploy.demo;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * One hour of the sample period and what people do in it.
 *
 * @param index counted from the start of the period
 * @param number counted from 1970, the same in every period
 * @param load between 0 and 1: quiet nights and weekends, busy office hours
 * @param hoursInMonth what a month's meter is divided by
 */
record SampleHour(
        Instant start, int index, long number, int hourOfDay, boolean weekend, double load, int hoursInMonth) {
    private static final double[] LOAD = {
        0.16, 0.13, 0.11, 0.10, 0.11, 0.15, 0.24, 0.41, 0.66, 0.85, 0.95, 0.97,
        0.88, 0.92, 1.00, 0.98, 0.91, 0.78, 0.60, 0.47, 0.39, 0.32, 0.25, 0.20
    };
    private static final double WEEKEND = 0.35;

    /** The hour at this place of the period. */
    static SampleHour at(SamplePeriod period, int index) {
        Instant start = period.from().plus(index, ChronoUnit.HOURS);
        OffsetDateTime time = start.atOffset(ZoneOffset.UTC);
        DayOfWeek day = time.getDayOfWeek();
        boolean weekend = day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
        return new SampleHour(
                start,
                index,
                start.getEpochSecond() / 3600,
                time.getHour(),
                weekend,
                LOAD[time.getHour()] * (weekend ? WEEKEND : 1),
                YearMonth.from(time).lengthOfMonth() * 24);
    }
}
