package io.tallygate.deploy.demo;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The usage of the sample world: hour by hour, made while it is read. The same world, period and scale give the same
 * records with the same identities, so loading them again changes nothing.
 */
public final class SampleUsage {
    private final SamplePeriod period;
    private final List<SampleSeries> series;

    private record Reported(SampleSeries series, SampleHour hour, BigDecimal quantity) {
        String event() {
            return series.event(hour, quantity);
        }
    }

    /**
     * The usage of everyone in this world.
     *
     * @param scale how many times each resource exists, from 1 on
     */
    SampleUsage(SampleWorld world, SamplePeriod period, int scale) {
        this.period = period;
        this.series = world.everyone()
                .flatMap(tenant -> tenant.subscriptions().stream())
                .flatMap(subscription -> SampleInventory.of(subscription, scale).stream())
                .toList();
    }

    /** All series, in the order in which an hour reports them. */
    List<SampleSeries> series() {
        return series;
    }

    /** The CloudEvents of one day, counted from 0, each in one line of JSON without its line end. */
    Stream<String> day(int day) {
        return reported(day * 24, day * 24 + 24).map(Reported::event);
    }

    /** How many records there are; also the hourly aggregates, for each record is one in its own window. */
    long records() {
        return reported(0, period.days() * 24).count();
    }

    /** How many records a day has. */
    long records(int day) {
        return reported(day * 24, day * 24 + 24).count();
    }

    /** How many daily aggregates the records make: days on which a series reports anything. */
    long dailyAggregates() {
        return series.stream().mapToLong(this::daysOf).sum();
    }

    /** On how many days this series reports anything. */
    long daysOf(SampleSeries one) {
        return IntStream.range(0, period.days())
                .filter(day -> IntStream.range(day * 24, day * 24 + 24)
                        .mapToObj(index -> SampleHour.at(period, index))
                        .anyMatch(hour -> one.quantity(hour).signum() != 0))
                .count();
    }

    private Stream<Reported> reported(int fromHour, int toHour) {
        return IntStream.range(fromHour, toHour)
                .mapToObj(index -> SampleHour.at(period, index))
                .flatMap(this::hour);
    }

    private Stream<Reported> hour(SampleHour hour) {
        return series.stream()
                .map(one -> new Reported(one, hour, one.quantity(hour)))
                .filter(reported -> reported.quantity().signum() != 0);
    }
}
