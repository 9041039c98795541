package io.tallygate.store.testing;

import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.MigrationConfig;
import io.tallygate.store.Migrations;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real Postgres for tests: one server per JVM ({@link TestServer}), and a freshly migrated database for whoever asks,
 * owned by the owner role and used by the application role.
 */
public final class TestPostgres {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final TestServer server;
    private final String database;

    private TestPostgres(TestServer server, String database) {
        this.server = server;
        this.database = database;
    }

    /** A migrated database of its own. */
    public static TestPostgres fresh() {
        return empty("template " + Template.NAME);
    }

    /** A database without any schema. */
    public static TestPostgres unmigrated() {
        return empty("");
    }

    /** A migrated database on a server of its own. */
    static TestPostgres migrated(TestServer server) {
        TestPostgres migrated = create(server, server.prefix() + "0", "");
        migrated.migrate();
        return migrated;
    }

    private static TestPostgres empty(String options) {
        TestServer server = TestServer.get();
        return create(server, server.prefix() + COUNT.incrementAndGet(), options);
    }

    private static TestPostgres create(TestServer server, String name, String options) {
        server.execute("create database " + name + " " + options);
        return new TestPostgres(server, name);
    }

    private void migrate() {
        try {
            Migrations.migrate(migrationConfig());
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    // Made by the first that asks for a migrated database.
    private static final class Template {
        static final String NAME = TestServer.get().prefix() + "template";

        static {
            create(TestServer.get(), NAME, "").migrate();
        }

        private Template() {}
    }

    /** How the gateway reaches this database. */
    public DatabaseConfig config() {
        return config(server.url(database));
    }

    /** The same through another port, as that of a proxy. */
    public DatabaseConfig config(int port) {
        return config("postgresql://localhost:" + port + "/" + database);
    }

    /** The same as it is reached at another server, which has a copy of it. */
    DatabaseConfig configAt(TestServer copy) {
        return config(copy.url(database));
    }

    private static DatabaseConfig config(String url) {
        return new DatabaseConfig(
                url, "tallygate_app", "app-secret", 8, 200, Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    /** The server's host. */
    public String host() {
        return server.host();
    }

    /** The server's port. */
    public int port() {
        return server.port();
    }

    /** How this database is migrated. */
    public MigrationConfig migrationConfig() {
        return new MigrationConfig(
                server.url(database),
                server.user(),
                server.password(),
                "tallygate_owner",
                "owner-secret",
                "tallygate_app",
                "app-secret");
    }

    /** Runs statements as superuser. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Queries as superuser: each row as its columns' texts joined by {@code |}. */
    public List<String> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                StringBuilder text = new StringBuilder();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    text.append(i == 1 ? "" : "|").append(rows.getString(i));
                }
                texts.add(text.toString());
            }
            return texts;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** A connection as superuser. */
    public Connection connect() throws SQLException {
        Connection connection = server.connect(database);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set search_path = " + Migrations.SCHEMA + ", public");
        }
        return connection;
    }
}
