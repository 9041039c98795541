package io.tallygate.deploy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for the files of one run, deleted at its end; what a killed run left behind is deleted before. */
final class WorkDirectory {
    private static final String PREFIX = "work-";

    private final Path path;

    private WorkDirectory(Path path) {
        this.path = path;
    }

    /** A new one below this directory. */
    static WorkDirectory fresh(Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> entries = Files.list(target)) {
            for (Path old : entries.filter(WorkDirectory::isAbandoned).toList()) {
                stopPostgres(old.resolve("data"));
                delete(old);
            }
        }
        Path path = target.resolve(PREFIX + ProcessHandle.current().pid());
        Files.createDirectories(path);
        return new WorkDirectory(path.toRealPath());
    }

    Path path() {
        return path;
    }

    void delete() throws IOException {
        delete(path);
    }

    private static boolean isAbandoned(Path path) {
        String name = path.getFileName().toString();
        return name.matches(PREFIX + "\\d{1,9}")
                && ProcessHandle.of(Long.parseLong(name.substring(PREFIX.length())))
                        .isEmpty();
    }

    // A JVM that was killed leaves its Postgres running.
    private static void stopPostgres(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                .filter(process -> process.info().commandLine().orElse("").contains(data.toString()))
                .ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
