package io.tallygate.deploy.config;

import java.time.Duration;

/**
 * When windows are sealed and routed.
 *
 * @param lag how long after its end an hour is sealed
 * @param interval how often sealing, routing and release look for work
 */
public record WindowsConfig(Duration lag, Duration interval) {}
