package io.tallygate.routing.desk;

import java.util.Locale;
import java.util.UUID;

/**
 * What an entry of an endpoint's book is here.
 *
 * @param event null if there is none
 * @param bookKey the entry's key, where the event has another and was found by its content; else null
 * @param applied whether the event was marked as delivered because of it
 */
public record BookMatch(Kind kind, DeliveryEvent event, UUID bookKey, boolean applied) {
    /** How they agree. */
    public enum Kind {
        /** Delivered here as well. */
        DELIVERED,
        /** The same content here, not known to be delivered. */
        MATCHES,
        /** Other content here, or the event is waived or withdrawn. */
        DIFFERS,
        /** Nothing here. */
        UNKNOWN;

        /** Its name on the wire. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static BookMatch of(BookEntry entry, DeliveryEvent event) {
        if (event == null) {
            return new BookMatch(Kind.UNKNOWN, null, null, false);
        }
        Kind kind = switch (event.state()) {
            case WAIVED, WITHDRAWN -> Kind.DIFFERS;
            case DELIVERED -> entry.says(event) ? Kind.DELIVERED : Kind.DIFFERS;
            case PENDING, HELD, DEAD, MANUAL -> entry.says(event) ? Kind.MATCHES : Kind.DIFFERS;
        };
        UUID bookKey = entry.key() == null || entry.key().equals(event.key()) ? null : entry.key();
        return new BookMatch(kind, event, bookKey, false);
    }

    /** Whether the event is to be marked as delivered; what is being sent has an outcome of its own soon. */
    boolean isDue() {
        return kind == Kind.MATCHES && !event.inFlight();
    }

    BookMatch asApplied() {
        return new BookMatch(kind, event, bookKey, true);
    }
}
