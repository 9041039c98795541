package io.tallygate.store.retention;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A month of reported time that is older than the retention.
 *
 * @param month when it begins, in UTC
 * @param tables what would go with it
 * @param obstacles what keeps it from being final, and how many there are; none if it is
 */
public record PastMonth(Instant month, List<Table> tables, Map<Obstacle, Long> obstacles) {
    /** A copy that nobody changes. */
    public PastMonth {
        tables = List.copyOf(tables);
        obstacles = Collections.unmodifiableMap(new TreeMap<>(obstacles));
    }

    /**
     * What a table has of the month.
     *
     * @param rows as the planner's statistics reckon
     * @param bytes with its indexes
     */
    public record Table(String name, long rows, long bytes) {}

    /** Whether none of it can change any more. */
    public boolean isFinal() {
        return obstacles.isEmpty();
    }

    /** What keeps it from being final, for people; empty if it is. */
    public String whyNotFinal() {
        return obstacles.entrySet().stream()
                .map(obstacle -> obstacle.getValue() + " " + obstacle.getKey().words())
                .collect(Collectors.joining(", "));
    }

    /** What all its tables take, in bytes. */
    public long bytes() {
        return tables.stream().mapToLong(Table::bytes).sum();
    }
}
