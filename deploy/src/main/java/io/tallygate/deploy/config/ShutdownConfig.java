package io.tallygate.deploy.config;

import java.time.Duration;

/**
 * How the gateway stops.
 *
 * @param delay how long it serves on after it said that it is not ready, until whoever sends it requests has noticed
 * @param timeout how long requests in flight may take to end after that
 */
public record ShutdownConfig(Duration delay, Duration timeout) {
    /** The same for a gateway that nobody stands in front of. */
    public static ShutdownConfig atOnce(Duration timeout) {
        return new ShutdownConfig(Duration.ZERO, timeout);
    }
}
