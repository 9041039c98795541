package io.tallygate.store.window;

import java.time.Instant;
import java.util.List;

/**
 * A page of sources, in order of their names.
 *
 * @param now the database clock
 * @param sealedThrough what is counted: records of windows before it; null before the first window was closed
 * @param sources one more than was asked for if there is another page
 */
public record UsageSources(Instant now, Instant sealedThrough, List<UsageSource> sources) {}
