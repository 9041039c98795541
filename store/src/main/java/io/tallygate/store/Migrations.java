package io.tallygate.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Creates and migrates the schema. Safe when two start at once: roles are made under an advisory lock, and Flyway takes
 * one of its own.
 */
public final class Migrations {
    /** The schema that everything lives in. */
    public static final String SCHEMA = "tallygate";

    /** The version of the schema that this program is made for: its last migration. */
    public static final int VERSION = 17;

    /** The oldest major version of Postgres that has all that is asked of it. */
    static final int OLDEST_POSTGRES = 14;

    private static final long ROLES_LOCK = 0x7461_6c6c_7967_6174L;

    private Migrations() {}

    /**
     * Brings the schema up to date; blocking.
     *
     * @return the number of migrations run; 0 if there was nothing to do
     * @throws SQLException if Postgres cannot be reached or refuses
     * @throws IllegalStateException if there is no admin to make roles that are missing, it says how to; or if Postgres is
     *     too old
     */
    public static int migrate(MigrationConfig config) throws SQLException {
        return migrate(config, line -> {});
    }

    /**
     * The same, and tells what it is at, a line each. On a database that is in use nobody waits for long.
     *
     * @throws IllegalStateException also if the schema is of a later version than this program
     */
    public static int migrate(MigrationConfig config, Consumer<String> told) throws SQLException {
        return migrate(config, "latest", told);
    }

    // Up to a version, to see what the next ones make of a schema that is in use.
    static int migrate(MigrationConfig config, String target) throws SQLException {
        return migrate(config, target, line -> {});
    }

    private static int migrate(MigrationConfig config, String target, Consumer<String> told) throws SQLException {
        RoleNames roles = new RoleNames(config.applicationUser());
        if (config.adminUser() != null) {
            createRoles(config, roles);
        } else {
            requireGroups(config, roles);
        }
        FluentConfiguration flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource("jdbc:" + config.url(), config.ownerUser(), config.ownerPassword())
                .locations("classpath:db/migration")
                .defaultSchema(SCHEMA)
                .target(target)
                .placeholders(Map.of(
                        "applicationRole", quoted(roles.application()),
                        "tenantRole", quoted(roles.tenant()),
                        "readOnlyRole", quoted(roles.readOnly()),
                        "auditorRole", quoted(roles.auditor())));
        return new PatientFlyway(flyway, told).migrate();
    }

    private static void createRoles(MigrationConfig config, RoleNames roles) throws SQLException {
        try (Connection admin = DriverManager.getConnection(
                        "jdbc:" + config.url(), config.adminUser(), config.adminPassword());
                Statement statement = admin.createStatement()) {
            requireVersion(admin);
            statement.execute("select pg_advisory_lock(" + ROLES_LOCK + ")");
            createRole(admin, config.ownerUser(), login(config.ownerPassword()));
            createRole(admin, roles.application(), login(config.applicationPassword()));
            for (String group : roles.groups()) {
                createRole(admin, group, "nologin");
            }
            statement.execute(grantTenant(admin, roles));
            // A superuser may do all of this; a managed service's admin must be a member of the owner to give it
            // things.
            statement.execute("grant " + quoted(config.ownerUser()) + " to current_user");
            statement.execute("create schema if not exists " + SCHEMA + " authorization " + quoted(config.ownerUser()));
            statement.execute(
                    "grant create on database " + quoted(admin.getCatalog()) + " to " + quoted(config.ownerUser()));
        }
    }

    private static void createRole(Connection admin, String role, String options) throws SQLException {
        if (!answer(admin, "select exists (select from pg_roles where rolname = ?)", role)) {
            try (Statement create = admin.createStatement()) {
                create.execute(creation(role, options));
            }
        }
    }

    private static String creation(String role, String options) {
        return "create role " + quoted(role) + " " + options;
    }

    private static String login(String password) {
        return "login password '" + password.replace("'", "''") + "'";
    }

    // The application may become the tenant role; it needs none of its rights otherwise, and Postgres 16 can say so.
    private static String grantTenant(Connection connection, RoleNames roles) throws SQLException {
        String grant = "grant " + quoted(roles.tenant()) + " to " + quoted(roles.application());
        return connection.getMetaData().getDatabaseMajorVersion() < 16 ? grant : grant + " with inherit false";
    }

    // Migrations name them all: without them the first one that does would fail half-way up, with less to go by.
    private static void requireGroups(MigrationConfig config, RoleNames roles) throws SQLException {
        try (Connection owner =
                DriverManager.getConnection("jdbc:" + config.url(), config.ownerUser(), config.ownerPassword())) {
            requireVersion(owner);
            List<String> missing = new ArrayList<>();
            for (String group : roles.groups()) {
                if (!answer(owner, "select exists (select from pg_roles where rolname = ?)", group)) {
                    missing.add(creation(group, "nologin"));
                }
            }
            boolean member = missing.isEmpty()
                    && answer(owner, "select pg_has_role(?, ?, 'member')", roles.application(), roles.tenant());
            if (!member) {
                missing.add(grantTenant(owner, roles));
                throw new IllegalStateException(
                        "Roles are missing. Set database.admin.user and database.admin.password,"
                                + " or let somebody who may create roles run: " + String.join("; ", missing) + ";");
            }
        }
    }

    private static void requireVersion(Connection connection) throws SQLException {
        requireVersion(
                connection.getMetaData().getDatabaseMajorVersion(),
                connection.getMetaData().getDatabaseProductVersion());
    }

    /** Fails, saying so, if this version of Postgres is too old. */
    static void requireVersion(int major, String version) {
        if (major < OLDEST_POSTGRES) {
            throw new IllegalStateException(
                    "Postgres " + OLDEST_POSTGRES + " or later is needed, and this one is " + version);
        }
    }

    private static boolean answer(Connection connection, String question, String... names) throws SQLException {
        try (PreparedStatement asked = connection.prepareStatement(question)) {
            for (int i = 0; i < names.length; i++) {
                asked.setString(i + 1, names[i]);
            }
            try (ResultSet rows = asked.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
