package io.tallygate.deploy.config;

import io.tallygate.gateway.collect.ConfiguredSource;
import io.tallygate.gateway.collect.DirectoryConfig;
import io.tallygate.gateway.collect.SourceConfig;
import java.time.Duration;
import java.util.List;

/**
 * What is collected from other clouds.
 *
 * @param all by unique names
 * @param interval how often each is looked at when nothing of it was due
 */
public record CollectConfig(List<ConfiguredSource> all, Duration interval) {
    /** Nothing is. */
    public static final CollectConfig NOTHING = new CollectConfig(List.of(), Duration.ofSeconds(10));

    /** Those that are asked for windows. */
    public List<SourceConfig> sources() {
        return only(SourceConfig.class);
    }

    /** Those in which files arrive. */
    public List<DirectoryConfig> directories() {
        return only(DirectoryConfig.class);
    }

    private <T extends ConfiguredSource> List<T> only(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
