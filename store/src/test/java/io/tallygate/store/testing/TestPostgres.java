package io.tallygate.store.testing;

import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.MigrationConfig;
import io.tallygate.store.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real Postgres for tests: one server per JVM (its writes are not synced to disk, for speed), and a freshly migrated
 * database for whoever asks, owned by the owner role and used by the application role.
 */
public final class TestPostgres {
    private static final String TEMPLATE = "tallygate_template";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static EmbeddedPostgres server;

    private final String database;

    private TestPostgres(String database) {
        this.database = database;
    }

    /** A migrated database of its own. */
    public static TestPostgres fresh() {
        start();
        TestPostgres fresh = empty("template " + TEMPLATE);
        return fresh;
    }

    /** A database without any schema. */
    public static TestPostgres unmigrated() {
        start();
        return empty("");
    }

    private static TestPostgres empty(String options) {
        String name = "tallygate_" + COUNT.incrementAndGet();
        new TestPostgres("postgres").execute("create database " + name + " " + options);
        return new TestPostgres(name);
    }

    private static synchronized void start() {
        if (server != null) {
            return;
        }
        try {
            server = EmbeddedPostgres.builder()
                    // Chosen before the cluster is made, which takes seconds.
                    .setPort(FreePort.next())
                    .setServerConfig("max_connections", "200")
                    .start();
            new TestPostgres("postgres").execute("create database " + TEMPLATE);
            Migrations.migrate(new TestPostgres(TEMPLATE).migrationConfig());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** How the gateway reaches this database. */
    public DatabaseConfig config() {
        return config(server.getPort());
    }

    /** The same through another port, as that of a proxy. */
    public DatabaseConfig config(int port) {
        return new DatabaseConfig(
                "postgresql://localhost:" + port + "/" + database,
                "tallygate_app",
                "app-secret",
                8,
                200,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
    }

    /** The server's port. */
    public int port() {
        return server.getPort();
    }

    /** How this database is migrated. */
    public MigrationConfig migrationConfig() {
        return new MigrationConfig(
                "postgresql://localhost:" + server.getPort() + "/" + database,
                "postgres",
                "postgres",
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

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + server.getPort() + "/" + database, "postgres", "postgres");
        try (Statement statement = connection.createStatement()) {
            statement.execute("set search_path = " + Migrations.SCHEMA + ", public");
        }
        return connection;
    }
}
