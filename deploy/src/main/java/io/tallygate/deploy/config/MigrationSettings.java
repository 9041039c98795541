package io.tallygate.deploy.config;

import io.tallygate.store.MigrationConfig;

/** Which settings say how the schema is migrated. */
public final class MigrationSettings {
    private MigrationSettings() {}

    /** The configuration of {@code migrate}. */
    public static MigrationConfig from(Configuration configuration) {
        return new MigrationConfig(
                configuration.get(Settings.DATABASE_URL),
                configuration.find(Settings.DATABASE_ADMIN_USER).orElse(null),
                configuration.find(Settings.DATABASE_ADMIN_PASSWORD).orElse(null),
                configuration.get(Settings.DATABASE_OWNER_USER),
                configuration.get(Settings.DATABASE_OWNER_PASSWORD),
                configuration.get(Settings.DATABASE_USER),
                configuration.get(Settings.DATABASE_PASSWORD));
    }
}
