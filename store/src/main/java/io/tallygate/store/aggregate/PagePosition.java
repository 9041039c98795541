package io.tallygate.store.aggregate;

import java.time.Instant;

/**
 * A place in the order of rows: the next row is the first one after it.
 *
 * @param reportedTime the window
 * @param seq the row within the window, from 1; 0 is before the first
 */
public record PagePosition(Instant reportedTime, int seq) {}
