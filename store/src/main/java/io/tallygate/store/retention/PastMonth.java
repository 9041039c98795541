package io.tallygate.store.retention;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A month of reported time that is older than the retention.
 *
 * @param month when it begins, in UTC
 * @param tables what would go with it
 * @param obstacles what keeps it from being final, such as {@code deadEvents}, and how many there are; none if it is
 */
public record PastMonth(Instant month, List<Table> tables, Map<String, Long> obstacles) {
    /** A copy that nobody changes. */
    public PastMonth {
        tables = List.copyOf(tables);
        obstacles = Map.copyOf(obstacles);
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

    /** What all its tables take, in bytes. */
    public long bytes() {
        return tables.stream().mapToLong(Table::bytes).sum();
    }
}
