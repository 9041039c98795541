package io.tallygate.deploy.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The programs that the benchmark needs beside Java. */
final class Tools {
    private static final List<String> NEEDED = List.of("psql", "pgbench", "wrk", "curl");
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private Tools() {}

    /** Those that are not on this path, with what to do about it; empty if all are there. */
    static String missing(String path) {
        List<String> missing =
                NEEDED.stream().filter(tool -> !isThere(path, tool)).toList();
        return missing.isEmpty()
                ? ""
                : "The benchmark needs " + String.join(", ", missing)
                        + ". On Debian and Ubuntu: apt-get install postgresql wrk curl (the server that comes with it is"
                        + " not used)";
    }

    /** A program of Postgres itself: what Debian has on the path is a script that takes 30 ms to find it. */
    static String postgres(String tool) throws IOException {
        if (!Files.isDirectory(DEBIAN)) {
            return tool;
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(DEBIAN)) {
            versions.forEach(version -> found.add(version.resolve("bin").resolve(tool)));
        }
        return found.stream()
                .filter(Files::isExecutable)
                .max(Comparator.comparing(Path::toString))
                .map(Path::toString)
                .orElse(tool);
    }

    private static boolean isThere(String path, String tool) {
        return Stream.of(path.split(":", -1)).anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }
}
