package io.tallygate.deploy.config;

import java.time.Duration;
import java.util.List;

/** The settings of how missing usage is looked for. */
final class GapSettings {
    static final Setting<Duration> PATIENCE = Setting.of(
                    "gaps.patience",
                    ScalarTypes.duration(Duration.ZERO, Duration.ofDays(7)),
                    "how long after an hour its usage may come: before that nothing of it is missing, see \"Gaps\" below")
            .withDefault("PT6H");
    static final Setting<Duration> REACH = Setting.of(
                    "gaps.reach",
                    ScalarTypes.duration(Duration.ofDays(2), Duration.ofDays(62)),
                    "how far back gaps are found")
            .withDefault("P14D");
    static final Setting<Duration> INTERVAL = Setting.of(
                    "gaps.interval",
                    ScalarTypes.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
                    "how often one of the gateways looks for gaps")
            .withDefault("PT5M");

    /** All of them, in the order of the documentation. */
    static final List<Setting<?>> ALL = List.of(PATIENCE, REACH, INTERVAL);

    private GapSettings() {}

    /** How it is looked. */
    static GapsConfig from(Configuration configuration) {
        return new GapsConfig(configuration.get(PATIENCE), configuration.get(REACH), configuration.get(INTERVAL));
    }
}
