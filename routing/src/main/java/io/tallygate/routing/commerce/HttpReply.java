package io.tallygate.routing.commerce;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** How one HTTP exchange ended. */
sealed interface HttpReply {
    /** How long the other side wants to be left alone; at most an hour. */
    Optional<Duration> retryAfter();

    /**
     * A whole answer, whatever it says.
     *
     * @param body as it came, not decoded; at most {@link CommerceHttp#MAX_BODY} bytes
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
     * @param outcome what that means for everything that was to be sent
     * @param detail for people, without secrets
     */
    record Failure(Outcome outcome, String detail, Optional<Duration> retryAfter) implements HttpReply {
        Failure(Outcome outcome, String detail) {
            this(outcome, detail, Optional.empty());
        }
    }
}
