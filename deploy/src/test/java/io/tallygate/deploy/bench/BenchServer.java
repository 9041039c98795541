package io.tallygate.deploy.bench;

import io.tallygate.store.DatabaseConfig;
import io.tallygate.store.MigrationConfig;
import io.tallygate.store.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The embedded Postgres of a run, durable as in production: commits wait for the disk. Autovacuum is off, so that it does
 * not fall into one round and not into another; what is loaded is vacuumed and analysed by hand.
 */
final class BenchServer implements AutoCloseable {
    private static final String SUPERUSER = "postgres";
    private static final String APPLICATION = "tallygate_app";
    private static final String APPLICATION_PASSWORD = "app-secret";

    /** What is set beside the defaults; {@code shared_buffers} comes with the machine. */
    static final Map<String, String> SETTINGS = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "autovacuum", "off",
            "max_connections", "200",
            "max_wal_size", "8GB",
            "checkpoint_timeout", "1h",
            "listen_addresses", "127.0.0.1",
            "unix_socket_directories", "");

    private final EmbeddedPostgres server;
    private final int sharedBuffersMb;

    private BenchServer(EmbeddedPostgres server, int sharedBuffersMb) {
        this.server = server;
        this.sharedBuffersMb = sharedBuffersMb;
    }

    /** Starts one in this directory, which must be empty or missing. */
    static BenchServer start(Path directory, int sharedBuffersMb) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
                .setPGStartupWait(Duration.ofSeconds(60))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("postgres.log").toFile()))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("postgres.log").toFile()))
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setServerConfig("shared_buffers", sharedBuffersMb + "MB");
        SETTINGS.forEach(builder::setServerConfig);
        return new BenchServer(builder.start(), sharedBuffersMb);
    }

    int port() {
        return server.getPort();
    }

    int sharedBuffersMb() {
        return sharedBuffersMb;
    }

    /** Creates a database with the schema, owned and used by the same roles as in production. */
    void create(String database) throws IOException {
        execute("postgres", "create database " + database);
        try {
            Migrations.migrate(new MigrationConfig(
                    url(database),
                    SUPERUSER,
                    SUPERUSER,
                    "tallygate_owner",
                    "owner-secret",
                    APPLICATION,
                    APPLICATION_PASSWORD));
        } catch (SQLException failed) {
            throw new IOException("Could not migrate " + database, failed);
        }
    }

    /** How the gateway reaches the database. */
    DatabaseConfig config(String database) {
        return new DatabaseConfig(
                url(database),
                APPLICATION,
                APPLICATION_PASSWORD,
                8,
                200,
                Duration.ofSeconds(5),
                Duration.ofMinutes(10));
    }

    /** How {@code psql} and {@code pgbench} reach the database, as superuser. */
    Map<String, String> environment(String database) {
        return Map.of(
                "PGHOST",
                "127.0.0.1",
                "PGPORT",
                Integer.toString(port()),
                "PGDATABASE",
                database,
                "PGUSER",
                SUPERUSER,
                "PGPASSWORD",
                SUPERUSER,
                "PGOPTIONS",
                "-c search_path=" + Migrations.SCHEMA + ",public -c TimeZone=UTC");
    }

    /** A connection as superuser, with the schema on its path. */
    Connection connect(String database) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:" + url(database), SUPERUSER, SUPERUSER);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set search_path = " + Migrations.SCHEMA + ", public");
            statement.execute("set timezone = 'UTC'");
        }
        return connection;
    }

    /** Runs statements as superuser, each by itself. */
    void execute(String database, String... statements) throws IOException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(statements)) {
                statement.execute(sql);
            }
        } catch (SQLException failed) {
            throw new IOException(failed);
        }
    }

    /** The first column of the first row, as text. */
    String ask(String database, String sql) throws IOException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException failed) {
            throw new IOException(failed);
        }
    }

    /** Reads tables or indexes into Postgres's own cache, so that floor and figure both find everything there. */
    void warm(String database, String... relations) throws IOException {
        execute(database, "create extension if not exists pg_prewarm");
        for (String relation : relations) {
            execute(database, "select pg_prewarm('" + relation + "')");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private String url(String database) {
        return "postgresql://127.0.0.1:" + port() + "/" + database;
    }
}
