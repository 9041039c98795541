package io.tallygate.gateway.collect;

import io.tallygate.routing.outbound.Detail;
import java.time.Duration;
import java.util.Optional;

/** Why a source did not give what it was asked for; the message is for people: one line, without secrets. */
public final class SourceException extends RuntimeException {
    private final Kind kind;
    private final Optional<Duration> retryAfter;

    /** What kind of trouble it is. */
    public enum Kind {
        /** The source is not through with that window: no failure, ask later. */
        NotProcessed,
        /** It wants to be left alone for a while. */
        Throttled,
        /** It does not take our token, or there is none to be had. */
        Unauthorized,
        /** It answered with what cannot be right: nothing of it was taken. */
        Malformed,
        /** It did not answer, or said that it cannot at the moment. */
        Away
    }

    /** Trouble without a wish when to come back. */
    public SourceException(Kind kind, String message) {
        this(kind, message, Optional.empty());
    }

    /**
     * Trouble.
     *
     * @param retryAfter after how long the source wants to be asked again
     */
    public SourceException(Kind kind, String message, Optional<Duration> retryAfter) {
        super(Detail.of(message), null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** The kind of trouble. */
    public Kind kind() {
        return kind;
    }

    /** After how long the source wants to be asked again, if it said so; at most an hour. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
