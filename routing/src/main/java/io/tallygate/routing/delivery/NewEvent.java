package io.tallygate.routing.delivery;

import io.tallygate.routing.commerce.EventContent;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/**
 * An event that is composed.
 *
 * @param reportedTime the latest of its rows
 * @param rowCount of routed rows
 * @param reason why it is not to be sent; null if it is
 */
record NewEvent(EventContent content, Instant reportedTime, int rowCount, Buffer body, State state, String reason) {
    /** In which state it begins; the names are those of the table. */
    enum State {
        pending,
        manual,
        waived
    }

    /** One that is sent. */
    static NewEvent pending(EventContent content, Instant reportedTime, int rowCount, Buffer body) {
        return new NewEvent(content, reportedTime, rowCount, body, State.pending, null);
    }

    /** One that the endpoint cannot be told of: its sum is not positive, and nothing came to join it. */
    static NewEvent negativeSum(EventContent content, Instant reportedTime, int rowCount, Buffer body) {
        return new NewEvent(content, reportedTime, rowCount, body, State.manual, EventWords.NEGATIVE_SUM);
    }
}
