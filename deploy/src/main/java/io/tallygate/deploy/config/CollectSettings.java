package io.tallygate.deploy.config;

import io.tallygate.gateway.collect.ConfiguredSource;
import java.time.Duration;
import java.util.List;

/** The settings of what is collected from other clouds. */
final class CollectSettings {
    static final Setting<List<ConfiguredSource>> SOURCES = Setting.of(
                    "collect.sources",
                    new NamedObjects<ConfiguredSource>(
                                    "sources",
                                    "a source",
                                    "{name, type, …}",
                                    (value, fields) -> new SourceReader(value, fields).read())
                            .type(),
                    "clouds whose usage is collected, see \"Collect\" below; JSON in the environment")
            .withDefault("")
            .asSecret();
    static final Setting<Duration> INTERVAL = Setting.of(
                    "collect.interval",
                    ScalarTypes.duration(Duration.ofMillis(1), Duration.ofDays(1)),
                    "how often each source is looked at when nothing of it was due")
            .withDefault("PT10S");

    /** All of them, in the order of the documentation. */
    static final List<Setting<?>> ALL = List.of(SOURCES, INTERVAL);

    private CollectSettings() {}

    /** What is collected, and how often. */
    static CollectConfig from(Configuration configuration) {
        return new CollectConfig(configuration.get(SOURCES), configuration.get(INTERVAL));
    }
}
