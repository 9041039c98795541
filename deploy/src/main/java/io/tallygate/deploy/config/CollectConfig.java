package io.tallygate.deploy.config;

import io.tallygate.gateway.collect.SourceConfig;
import java.time.Duration;
import java.util.List;

/**
 * What is collected from other clouds.
 *
 * @param sources by unique names
 * @param interval how often each is looked at when nothing of it was due
 */
public record CollectConfig(List<SourceConfig> sources, Duration interval) {
    /** Nothing is. */
    public static final CollectConfig NOTHING = new CollectConfig(List.of(), Duration.ofSeconds(10));
}
