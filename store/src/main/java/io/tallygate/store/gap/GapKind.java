package io.tallygate.store.gap;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is wrong with the hours of a finding. */
public enum GapKind {
    /** A resource that was reported in the hours before and after has nothing. */
    MISSING_HOURS("missingHours"),
    /** A source that reported hour by hour has nothing. */
    SILENT_SOURCE("silentSource"),
    /** A source has less than half as many records as in the same hours of the weeks before. */
    FALLEN_COUNT("fallenCount");

    /** All names, for messages. */
    public static final String NAMES =
            Arrays.stream(values()).map(GapKind::wireName).collect(Collectors.joining(", "));

    private final String wireName;

    GapKind(String wireName) {
        this.wireName = wireName;
    }

    /** Its name on the wire and in the database. */
    public String wireName() {
        return wireName;
    }

    /** The kind of this name, in any case. */
    public static Optional<GapKind> named(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName.equalsIgnoreCase(name))
                .findFirst();
    }
}
