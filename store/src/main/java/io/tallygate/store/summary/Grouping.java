package io.tallygate.store.summary;

/**
 * By what usage is grouped, beside its meter.
 *
 * @param tag the name of the tag, case kept; null unless it is grouped by one
 */
public record Grouping(Kind kind, String tag) {
    /** What a group is. */
    public enum Kind {
        NONE,
        METER,
        SUBSCRIPTION,
        TENANT,
        RESOURCE,
        RESOURCE_GROUP,
        LOCATION,
        TAG;

        /** Whether it takes to know the resource instance. */
        boolean ofInstance() {
            return this == RESOURCE || this == RESOURCE_GROUP || this == LOCATION || this == TAG;
        }
    }

    /** By anything but a tag. */
    public static Grouping by(Kind kind) {
        return new Grouping(kind, null);
    }

    /** By the values of a tag. */
    public static Grouping byTag(String name) {
        return new Grouping(Kind.TAG, name);
    }
}
