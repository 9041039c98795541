package io.tallygate.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Creates and migrates the schema. Safe when two start at once: roles are made under an advisory lock, and Flyway takes
 * one of its own.
 */
public final class Migrations {
    /** The schema that everything lives in. */
    public static final String SCHEMA = "tallygate";

    private static final long ROLES_LOCK = 0x7461_6c6c_7967_6174L;

    private Migrations() {}

    /**
     * Brings the schema up to date; blocking.
     *
     * @return the number of migrations run; 0 if there was nothing to do
     * @throws SQLException if Postgres cannot be reached or refuses
     */
    public static int migrate(MigrationConfig config) throws SQLException {
        return migrate(config, "latest");
    }

    // Up to a version, to see what the next ones make of a schema that is in use.
    static int migrate(MigrationConfig config, String target) throws SQLException {
        if (config.adminUser() != null) {
            createRoles(config);
        }
        MigrateResult result = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource("jdbc:" + config.url(), config.ownerUser(), config.ownerPassword())
                .locations("classpath:db/migration")
                .defaultSchema(SCHEMA)
                .target(target)
                .placeholders(Map.of("applicationRole", quoted(config.applicationUser())))
                .load()
                .migrate();
        return result.migrationsExecuted;
    }

    private static void createRoles(MigrationConfig config) throws SQLException {
        try (Connection admin = DriverManager.getConnection(
                        "jdbc:" + config.url(), config.adminUser(), config.adminPassword());
                Statement statement = admin.createStatement()) {
            statement.execute("select pg_advisory_lock(" + ROLES_LOCK + ")");
            createRole(admin, config.ownerUser(), config.ownerPassword());
            createRole(admin, config.applicationUser(), config.applicationPassword());
            // A superuser may do all of this; a managed service's admin must be a member of the owner to give it
            // things.
            statement.execute("grant " + quoted(config.ownerUser()) + " to current_user");
            statement.execute("create schema if not exists " + SCHEMA + " authorization " + quoted(config.ownerUser()));
            statement.execute(
                    "grant create on database " + quoted(admin.getCatalog()) + " to " + quoted(config.ownerUser()));
        }
    }

    private static void createRole(Connection admin, String role, String password) throws SQLException {
        try (PreparedStatement exists = admin.prepareStatement("select 1 from pg_roles where rolname = ?")) {
            exists.setString(1, role);
            try (ResultSet rows = exists.executeQuery()) {
                if (rows.next()) {
                    return;
                }
            }
        }
        try (Statement create = admin.createStatement()) {
            create.execute("create role " + quoted(role) + " login password '" + password.replace("'", "''") + "'");
        }
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
