package io.tallygate.store.aggregate;

import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * A row of an aggregate's table with what it refers to.
 *
 * @param row the columns after {@link AggregateRows#COLUMNS} are the reader's own
 */
public record StoredAggregate(
        Row row, PagePosition position, Instant usageTime, String quantity, MeterLabel meter, Instance instance) {}
