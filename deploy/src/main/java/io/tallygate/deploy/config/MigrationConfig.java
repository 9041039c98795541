package io.tallygate.deploy.config;

/**
 * How the schema is migrated.
 *
 * @param url without user and password
 * @param adminUser a role that may create roles, or null
 * @param adminPassword its password, or null
 * @param ownerUser the role that owns the schema
 * @param ownerPassword its password
 * @param applicationUser the role that the gateway uses
 * @param applicationPassword its password
 */
public record MigrationConfig(
        String url,
        String adminUser,
        String adminPassword,
        String ownerUser,
        String ownerPassword,
        String applicationUser,
        String applicationPassword) {

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
