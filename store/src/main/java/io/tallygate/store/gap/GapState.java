package io.tallygate.store.gap;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where a finding is. */
public enum GapState {
    /** Hours are missing, and nobody said why. */
    OPEN,
    /** Hours are missing, and somebody said why. */
    ACKNOWLEDGED,
    /** Usage of all its hours came. */
    CLEARED;

    /** All names on the wire, for messages. */
    public static final String NAMES =
            Arrays.stream(values()).map(GapState::wireName).collect(Collectors.joining(", "));

    /** Its name on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of this name, in any case. */
    public static Optional<GapState> named(String name) {
        return Arrays.stream(values())
                .filter(state -> state.name().equalsIgnoreCase(name))
                .findFirst();
    }
}
