package io.tallygate.deploy.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Postgres server process of one data directory, as the operating system sees it. */
final class PostmasterProcess {
    private static final Logger LOG = LoggerFactory.getLogger(PostmasterProcess.class);
    private static final Duration FAST_SHUTDOWN = Duration.ofSeconds(30);
    private static final Duration BACKENDS_GONE = Duration.ofSeconds(15);

    private PostmasterProcess() {}

    /** The live server of this data directory, if there is one: by its postmaster.pid and its own command line. */
    static Optional<ProcessHandle> find(Path data) throws IOException {
        return recordedPid(data).flatMap(ProcessHandle::of).filter(process -> serves(process, data));
    }

    /**
     * Makes way for a new server: stops an orphan that a killed JVM left behind, waits for the backends of a killed
     * server to go, and removes a postmaster.pid whose number meanwhile belongs to some other program. Only for the
     * holder of the demo's lock.
     */
    static void clear(Path data) throws IOException {
        Optional<ProcessHandle> orphan = find(data);
        if (orphan.isPresent()) {
            LOG.warn(
                    "Stopping the Postgres (pid {}) that an earlier demo left running",
                    orphan.get().pid());
            stop(orphan.get());
        }
        await(BACKENDS_GONE, () -> backends(data) == 0);
        if (find(data).isEmpty()) {
            Files.deleteIfExists(data.resolve("postmaster.pid"));
        }
    }

    /** Waits until the process has ended; false if it still runs when the time is over. */
    static boolean awaitEnd(ProcessHandle process, Duration atMost) throws IOException {
        return await(atMost, () -> !process.isAlive());
    }

    private static void stop(ProcessHandle process) throws IOException {
        // SIGINT is Postgres's fast shutdown; SIGTERM would wait for its clients.
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        if (!awaitEnd(process, FAST_SHUTDOWN)) {
            LOG.warn("Postgres (pid {}) did not stop in {}; killing it", process.pid(), FAST_SHUTDOWN);
            process.destroyForcibly();
            awaitEnd(process, FAST_SHUTDOWN);
        }
    }

    private static Optional<Long> recordedPid(Path data) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                .findFirst()
                .map(String::strip)
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }

    private static boolean serves(ProcessHandle process, Path data) {
        return process.isAlive()
                && process.info()
                        .commandLine()
                        .filter(line -> line.contains("postgres") && line.contains(data.toString()))
                        .isPresent();
    }

    /** Server processes working in the directory; known on Linux only, elsewhere the start is simply tried again. */
    private static long backends(Path data) {
        return ProcessHandle.allProcesses()
                .filter(process -> data.equals(workingDirectory(process)))
                .count();
    }

    private static Path workingDirectory(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
        } catch (IOException goneOrForeign) {
            return null;
        }
    }

    private static boolean await(Duration atMost, BooleanSupplier condition) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Pause.of(Duration.ofMillis(50));
        }
        return true;
    }
}
