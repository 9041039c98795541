package io.tallygate.store.testing;

import io.tallygate.store.DatabaseConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A Postgres with a streaming replica, both for a test alone: {@link OwnPostgres}. */
public final class ReplicatedPostgres implements AutoCloseable {
    // Files that are the primary's own, or that the replica has other ones of.
    private static final List<String> NOT_COPIED = List.of("postmaster.pid", "postmaster.opts", "epg-lock", "pg_wal");

    private final EmbeddedPostgres first;
    private final EmbeddedPostgres second;
    private final TestPostgres primary;

    /** Makes them in this directory. */
    public ReplicatedPostgres(Path directory) {
        try {
            first = start(directory.resolve("primary"), true);
            primary = TestPostgres.migrated(TestServer.of(first));
            copy(directory.resolve("primary"), directory.resolve("replica"));
            second = start(directory.resolve("replica"), false);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static EmbeddedPostgres start(Path data, boolean empty) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(empty)
                .setPort(FreePort.next())
                .setPGStartupWait(Duration.ofSeconds(60))
                // A read on the replica never holds up what is replayed: it is cancelled.
                .setServerConfig("max_standby_streaming_delay", "0")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    // A base backup: whatever is written meanwhile is made good by the log, from where the label says.
    private void copy(Path from, Path to) throws IOException, SQLException {
        try (Connection backup = admin(first);
                Statement statement = backup.createStatement()) {
            statement.execute("select pg_backup_start('replica', true)");
            copyFiles(from, to);
            try (ResultSet label = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                label.next();
                Files.writeString(to.resolve("backup_label"), label.getString(1));
            }
        }
        Files.createDirectories(to.resolve("pg_wal"));
        Files.writeString(to.resolve("standby.signal"), "");
        Files.writeString(
                to.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost port=" + first.getPort() + " user=postgres password=postgres'");
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        Files.createDirectory(to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.skip(1).toList()) {
                Path name = from.relativize(file);
                if (!NOT_COPIED.contains(name.getName(0).toString())) {
                    Files.copy(file, to.resolve(name));
                }
            }
        }
    }

    /** The primary's database. */
    public TestPostgres primary() {
        return primary;
    }

    /** How its copy on the replica is reached. */
    public DatabaseConfig replica() {
        return primary.configAt(TestServer.of(second));
    }

    /** How its copy is reached through another port, as that of a proxy. */
    public DatabaseConfig replica(int port) {
        return primary.config(port);
    }

    /** The replica's port. */
    public int replicaPort() {
        return second.getPort();
    }

    /** Nothing more is replayed, until {@link #resume}. */
    public void pause() {
        onReplica("select pg_wal_replay_pause()::text");
        Awaitility.await().until(() -> onReplica("select pg_get_wal_replay_pause_state()"), "paused"::equals);
    }

    /** Goes on, and waits until all is replayed that there is by now. */
    public void resume() {
        onReplica("select pg_wal_replay_resume()::text");
        catchUp();
    }

    /** Waits until all is replayed that there is by now, locks of open transactions too. */
    public void catchUp() {
        // Whoever commits brings out what was written before.
        primary.query("select pg_logical_emit_message(true, 'test', 'catch up')");
        String written = primary.query("select pg_current_wal_lsn()").get(0);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> onReplica("select pg_last_wal_replay_lsn() >= '" + written + "'"), "t"::equals);
    }

    /** The first column of the first row, as superuser on the replica. */
    public String onReplica(String sql) {
        try (Connection connection = admin(second);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Connection admin(EmbeddedPostgres server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + server.getPort() + "/postgres", "postgres", "postgres");
    }

    @Override
    public void close() {
        try {
            second.close();
            first.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
