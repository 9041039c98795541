package io.tallygate.gateway.export;

import io.tallygate.store.aggregate.UsageAggregate;

/** Rows as text in one format. It remembers the row before, so each answer has one of its own. */
public interface RowText {
    /** Writes what comes before the first row. */
    void begin(ByteText out);

    /**
     * Writes a row, its end of line included.
     *
     * @param tokenOrNull the continuation token of what follows the row, if it is to carry one
     */
    void add(ByteText out, UsageAggregate row, String tokenOrNull);
}
