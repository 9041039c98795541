package io.tallygate.routing.outbound;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** How one HTTP exchange ended. */
public sealed interface HttpReply {
    /** How long the other side wants to be left alone; at most an hour. */
    Optional<Duration> retryAfter();

    /**
     * A whole answer, whatever it says.
     *
     * @param body as it came, not decoded
     */
    record Answer(int status, MultiMap headers, Buffer body) implements HttpReply {
        @Override
        public Optional<Duration> retryAfter() {
            return RetryAfter.parse(
                    headers.get("Retry-After"), Clock.systemUTC().instant());
        }

        /** Without headers and body, which may hold what must not be logged. */
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    /**
     * No answer that can be read.
     *
     * @param trouble whether the other side may have got what was to be sent
     * @param detail for people, without secrets
     */
    record Failure(Trouble trouble, String detail, Optional<Duration> retryAfter) implements HttpReply {
        Failure(Trouble trouble, String detail) {
            this(trouble, detail, Optional.empty());
        }
    }
}
