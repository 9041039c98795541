package io.tallygate.deploy.config;

import io.tallygate.store.DatabaseConfig;
import java.util.List;
import java.util.Optional;

/** The settings of the read replica: how it is reached otherwise than the primary. */
final class ReplicaSettings {
    static final Setting<String> URL = Setting.of(
            "database.replica.url",
            NetworkTypes.database(),
            "a read replica of the database, which sealed usage is read from; without it the primary answers everything");
    static final Setting<String> USER =
            Setting.of("database.replica.user", ScalarTypes.text(), "the role there; `database.user` unless it is set");
    static final Setting<String> PASSWORD = Setting.of(
                    "database.replica.password",
                    ScalarTypes.text(),
                    "its password; `database.password` unless it is set")
            .asSecret();
    static final Setting<Integer> POOL_SIZE = Setting.of(
                    "database.replica.poolSize", ScalarTypes.integer(1, 1000), "connections to the replica")
            .withDefault("8");

    /** All of them, in the order of the documentation. */
    static final List<Setting<?>> ALL = List.of(URL, USER, PASSWORD, POOL_SIZE);

    private ReplicaSettings() {}

    /** Empty if there is no replica. */
    static Optional<DatabaseConfig> from(Configuration configuration, DatabaseConfig primary) {
        return configuration
                .find(URL)
                .map(url -> new DatabaseConfig(
                        url,
                        configuration.find(USER).orElse(primary.user()),
                        configuration.find(PASSWORD).orElse(primary.password()),
                        configuration.get(POOL_SIZE),
                        primary.maxWaitQueue(),
                        primary.connectTimeout(),
                        primary.statementTimeout()));
    }
}
