package io.tallygate.store.retention;

import java.util.Arrays;

/** What keeps a month from being final. */
public enum Obstacle {
    UNSEALED_HOURS("unsealedHours", "hours that are not sealed"),
    UNROUTED_HOURS("unroutedHours", "hours that are not routed"),
    QUARANTINED("quarantined", "quarantined records"),
    CONFLICTS("conflicts", "records in conflict"),
    WAITING_ROWS("waitingRows", "routed rows in no event yet"),
    PENDING_EVENTS("pendingEvents", "pending events"),
    DEAD_EVENTS("deadEvents", "dead events"),
    MANUAL_EVENTS("manualEvents", "events for a person to decide"),
    RECENT_EVENTS("recentEvents", "events of the last 31 days with rows of it"),
    AWAITED_EVENTS("awaitedEvents", "events whose outcome a reversal waits for");

    private final String databaseName;
    private final String words;

    Obstacle(String databaseName, String words) {
        this.databaseName = databaseName;
        this.words = words;
    }

    static Obstacle named(String name) {
        return Arrays.stream(values())
                .filter(obstacle -> obstacle.databaseName.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No such obstacle: " + name));
    }

    /** What it is, for people, after a number. */
    public String words() {
        return words;
    }
}
