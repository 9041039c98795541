package io.tallygate.gateway.collect;

import java.util.Optional;

/**
 * How far a window of dataframes is read.
 *
 * @param offset points that were there before
 * @param total points of the window, as the page before said; -1 before the first
 * @param before digests of the pages before, with blanks between; empty before the first
 */
record DataframePosition(long offset, long total, String before) {
    private static final DataframePosition FIRST = new DataframePosition(0, -1, "");

    /** Where a page leads, in the words that {@link #toString} found for it; empty for the first. */
    static DataframePosition of(Optional<String> next) {
        if (next.isEmpty()) {
            return FIRST;
        }
        String[] parts = next.get().split(" ", 3);
        return new DataframePosition(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
    }

    @Override
    public String toString() {
        return offset + " " + total + " " + before;
    }
}
