package io.tallygate.routing.outbound;

import io.tallygate.routing.outbound.HttpReply.Failure;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Gives tokens in somebody's name; {@link AuthorizedHttp} keeps them. Safe for several threads. */
public interface TokenIssuer {
    /** A token, or why there is none. */
    sealed interface Access {}

    /**
     * A token.
     *
     * @param staleNanos when it should not be used any more, on the clock of {@link System#nanoTime()}
     */
    record Token(String value, long staleNanos) implements Access {
        private static final Duration LONGEST_LIFETIME = Duration.ofDays(1);
        private static final Duration MARGIN = Duration.ofMinutes(5);

        /**
         * One that is valid for so long from now on: it is stale five minutes before that, or when half of
         * it is over.
         */
        static Token of(String value, Duration lifetime) {
            Duration valid = lifetime.isNegative() ? Duration.ZERO : lifetime;
            Duration counted = valid.compareTo(LONGEST_LIFETIME) > 0 ? LONGEST_LIFETIME : valid;
            Duration half = counted.dividedBy(2);
            Duration margin = MARGIN.compareTo(half) < 0 ? MARGIN : half;
            return new Token(value, System.nanoTime() + counted.minus(margin).toNanos());
        }

        @Override
        public String toString() {
            return "Token";
        }
    }

    /** There is none: {@link Trouble#NotSent} or {@link Trouble#Unauthorized}. */
    record NoToken(Failure failure) implements Access {
        static NoToken of(Trouble trouble, String detail, Optional<Duration> retryAfter) {
            return new NoToken(new Failure(trouble, Detail.of(detail), retryAfter));
        }
    }

    /** A new token. The future fails only for a defect. */
    Future<Access> fetch(Deadline deadline);

    /** The header with which a token is sent. */
    MultiMap header(Token token);

    /** What must not be written down. */
    List<String> secrets(Token token);
}
