package io.tallygate.deploy.bench;

import java.util.Map;

/**
 * What one run of something gave.
 *
 * @param values by name, as {@code rate} and {@code p99}
 */
record Reading(Map<String, Double> values) {
    /** The name of work done in a second. */
    static final String RATE = "rate";

    /** The name of a duration. */
    static final String SECONDS = "seconds";

    static Reading rate(double perSecond) {
        return new Reading(Map.of(RATE, perSecond));
    }

    static Reading seconds(double seconds) {
        return new Reading(Map.of(SECONDS, seconds));
    }
}
