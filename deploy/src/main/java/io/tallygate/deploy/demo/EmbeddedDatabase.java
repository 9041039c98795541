package io.tallygate.deploy.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable Postgres inside the demo's data directory. It comes back after Ctrl-C, a killed JVM (whose orphaned server
 * is stopped first) and a killed server, which is started again while the demo runs. As root the library runs it as
 * nobody, in a user namespace of its own.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String SUPERUSER = "postgres";
    /** Also the back-off: how long each attempt to start may take. */
    private static final List<Duration> ATTEMPTS =
            List.of(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(60));

    private static final Duration STOP = Duration.ofSeconds(60);

    private final DemoDirectory directory;
    private final Path data;
    private final DatabaseAccess access;
    private final CountDownLatch closing = new CountDownLatch(1);
    private EmbeddedPostgres server;

    private EmbeddedDatabase(DemoDirectory directory) throws IOException {
        this.directory = directory;
        this.data = PrivateFile.directory(directory.root()).toRealPath().resolve("postgres");
        PostmasterProcess.clear(data);
        int port = RememberedPort.choose(directory.file("postgres.port"));
        this.access =
                new DatabaseAccess("127.0.0.1", port, "tallygate", SUPERUSER, directory.secret("postgres-superuser"));
    }

    /**
     * Starts it, creating the directory at the first time, and answers when it accepts connections.
     *
     * @throws IOException if it does not start; its log is {@code postgres.log} in the data directory
     */
    public static EmbeddedDatabase start(DemoDirectory directory) throws IOException {
        EmbeddedDatabase database = new EmbeddedDatabase(directory);
        database.startFirst();
        // Where command lines are hidden the process cannot be told from others: then nobody watches.
        if (PostmasterProcess.find(database.data).isPresent()) {
            Thread watchdog = new Thread(database::watch, "postgres-watchdog");
            watchdog.setDaemon(true);
            watchdog.start();
        }
        return database;
    }

    /** Where it is and how to log in. */
    public DatabaseAccess access() {
        return access;
    }

    /** Stops it by a fast shutdown and waits for its end. */
    @Override
    public synchronized void close() throws IOException {
        closing.countDown();
        Optional<ProcessHandle> process = PostmasterProcess.find(data);
        server.close();
        if (process.isPresent() && !PostmasterProcess.awaitEnd(process.get(), STOP)) {
            LOG.warn("Postgres is still busy with its shutdown; the next start waits for it");
        }
    }

    private synchronized void startFirst() throws IOException {
        // The mark says that what lies in the directory is ours and unfinished: a JVM killed during initdb.
        Path unfinished = directory.file("postgres.unfinished");
        if (Files.exists(unfinished)) {
            deleteRecursively(data);
        }
        if (!Files.exists(data)) {
            PrivateFile.write(unfinished, "");
        }
        server = launch();
        access.prepare(data);
        Files.deleteIfExists(unfinished);
    }

    private EmbeddedPostgres launch() throws IOException {
        IOException failure = new IOException("Postgres does not start; see " + directory.file("postgres.log"));
        for (Duration patience : ATTEMPTS) {
            PostmasterProcess.clear(data);
            // The library never gives its lock back when a start fails; ours is the demo's lock.
            Files.deleteIfExists(data.resolve("epg-lock"));
            try {
                return builder(patience).start();
            } catch (IOException | IllegalStateException e) {
                LOG.warn("Postgres did not start within {} ({}); trying again", patience, e.getMessage());
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    private EmbeddedPostgres.Builder builder(Duration patience) throws IOException {
        // The library makes its own directory writable for everyone.
        Path binaries = PrivateFile.directory(directory.file("postgres-server")).resolve("binaries");
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(directory.file("postgres.log").toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(binaries.toFile())
                // Ctrl-C must stop the gateway first: the order is the demo's.
                .setRegisterShutdownHook(false)
                .setPort(access.port())
                .setPGStartupWait(patience)
                .setConnectConfig("password", access.password())
                .setErrorRedirector(log)
                .setOutputRedirector(log)
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("listen_addresses", access.host())
                // No socket file: it would lie in a directory that others may write to.
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("max_wal_size", "2GB");
    }

    private void watch() {
        try {
            while (!closing.await(500, TimeUnit.MILLISECONDS)) {
                restartIfDead();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void restartIfDead() {
        try {
            if (closing.getCount() > 0 && PostmasterProcess.find(data).isEmpty()) {
                LOG.warn("Postgres died; starting it again on port {}", access.port());
                server = launch();
                LOG.info("Postgres is back on port {}", access.port());
            }
        } catch (IOException e) {
            LOG.error("Postgres died and could not be started again; the next attempt follows", e);
        }
    }

    private static void deleteRecursively(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
