package io.tallygate.store.summary;

/**
 * Which usage counts; null where it does not matter.
 *
 * @param meter the id of a meter, without case
 * @param resource how the resource's URI begins, without case
 * @param tag the name of a tag, with case
 * @param tagValue its value, with case; null with {@code tag}
 */
public record SummaryFilter(String meter, String resource, String tag, String tagValue) {
    /** All usage. */
    public static final SummaryFilter NONE = new SummaryFilter(null, null, null, null);

    boolean ofInstance() {
        return resource != null || tag != null;
    }
}
