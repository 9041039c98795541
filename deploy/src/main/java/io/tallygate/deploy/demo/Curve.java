package io.tallygate.deploy.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How much of something is used in an hour; zero means that nothing is reported. */
@FunctionalInterface
interface Curve {
    /** The quantity in this hour, given a number from 0 to 1 that belongs to the resource and the hour. */
    BigDecimal at(SampleHour hour, double noise);

    /** As many hours as it runs: always, but for a rare restart. */
    static Curve alwaysOn(int cores) {
        return (hour, noise) -> decimal(noise < 0.003 ? cores * (0.9 + 30 * noise) : cores, 6);
    }

    /** On from seven to seven on weekdays, and a part of the hour in which somebody starts it. */
    static Curve officeHours(int cores) {
        return (hour, noise) -> {
            if (hour.weekend() || hour.hourOfDay() < 7 || hour.hourOfDay() > 18) {
                return BigDecimal.ZERO;
            }
            return decimal(hour.hourOfDay() == 7 ? cores * (0.25 + noise / 2) : cores, 6);
        };
    }

    /** Follows the load of the day between a few cores and many. */
    static Curve autoscaled(int fewest, int most) {
        return (hour, noise) -> decimal(fewest + (most - fewest) * hour.load() * (0.8 + noise / 5), 4);
    }

    /** The same each hour. */
    static Curve constant(int quantity) {
        return (hour, noise) -> BigDecimal.valueOf(quantity);
    }

    /** One of something that is counted in months. */
    static Curve monthly() {
        return (hour, noise) ->
                BigDecimal.ONE.divide(BigDecimal.valueOf(hour.hoursInMonth()), 12, RoundingMode.HALF_UP);
    }

    /** A size in GB that is counted in GB*month and grows by about a percent a day. */
    static Curve monthlySize(double gigabytes) {
        return (hour, noise) -> decimal(grown(gigabytes, hour, noise) / hour.hoursInMonth(), 9);
    }

    /** A size that is counted in size*hours and grows by about a percent a day. */
    static Curve size(double start) {
        return (hour, noise) -> decimal(grown(start, hour, noise), 6);
    }

    /** Traffic that follows the load of the day. */
    static Curve traffic(double peak) {
        return (hour, noise) -> decimal(peak * hour.load() * (0.7 + 0.6 * noise), 5);
    }

    private static double grown(double start, SampleHour hour, double noise) {
        return start * (1 + 0.0004 * hour.index() + 0.0002 * noise);
    }

    private static BigDecimal decimal(double value, int places) {
        return BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP).stripTrailingZeros();
    }
}
