package io.tallygate.store;

/**
 * How the schema is migrated.
 *
 * @param url {@code postgresql://host:port/database[?sslmode=...]}, without user and password
 * @param adminUser a role that may create roles and schemas; null if the owner and application roles exist already
 * @param adminPassword its password, or null
 * @param ownerUser the role that owns the schema and runs the migrations
 * @param ownerPassword its password
 * @param applicationUser the role that the gateway uses
 * @param applicationPassword its password; used only where the role is created
 */
public record MigrationConfig(
        String url,
        String adminUser,
        String adminPassword,
        String ownerUser,
        String ownerPassword,
        String applicationUser,
        String applicationPassword) {

    /** Shows no password. */
    @Override
    public String toString() {
        return "MigrationConfig[" + url + ", " + ownerUser + ", " + applicationUser + "]";
    }
}
