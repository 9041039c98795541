package io.tallygate.store.access;

import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.Optional;

/** How many API keys a tenant may have: the number that are good at the same time, and that are made in 24 hours. */
public enum KeyLimit {
    ACTIVE(50, "active"),
    A_DAY(200, "today");

    private final int most;
    private final String column;

    KeyLimit(int most, String column) {
        this.most = most;
        this.column = column;
    }

    /** The number itself. */
    public int most() {
        return most;
    }

    static Optional<KeyLimit> reached(Row counts) {
        return Arrays.stream(values())
                .filter(limit -> counts.getLong(limit.column) >= limit.most)
                .findFirst();
    }
}
