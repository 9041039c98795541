package io.tallygate.routing.desk;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where an event is, as operators see it. */
public enum EventState {
    /** Sent when it is due, again and again until there is an answer. */
    PENDING,
    /** Pending, but its payer, or all delivery, is held. */
    HELD,
    /** Taken by the endpoint. */
    DELIVERED,
    /** Refused by the endpoint: sent again only when an operator says so. */
    DEAD,
    /** A person must decide: the reason says what about. */
    MANUAL,
    /** An operator decided that it is never sent. */
    WAIVED,
    /** Never sent: its rows wait for another event. */
    WITHDRAWN;

    /** All names on the wire, for messages. */
    public static final String NAMES =
            Arrays.stream(values()).map(EventState::wireName).collect(Collectors.joining(", "));

    /** Its name on the wire; but for {@link #HELD} also in the database. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of this name, in any case. */
    public static Optional<EventState> named(String name) {
        return Arrays.stream(values())
                .filter(state -> state.name().equalsIgnoreCase(name))
                .findFirst();
    }
}
