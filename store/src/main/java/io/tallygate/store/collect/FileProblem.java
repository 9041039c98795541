package io.tallygate.store.collect;

import java.time.Instant;

/**
 * Why a file could not be taken.
 *
 * @param problem with the place in the file and what was expected, for people
 * @param failedAt when that was seen last
 */
public record FileProblem(String source, String name, String problem, Instant failedAt) {}
