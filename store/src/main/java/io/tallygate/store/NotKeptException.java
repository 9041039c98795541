package io.tallygate.store;

import java.time.Instant;

/** Usage of a range was asked for that begins before what is kept. */
public final class NotKeptException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Instant floor;

    NotKeptException(Instant floor, Throwable cause) {
        super("Usage before " + floor + " is not kept any more", cause);
        this.floor = floor;
    }

    /** Where usage begins that is kept. */
    public Instant floor() {
        return floor;
    }
}
