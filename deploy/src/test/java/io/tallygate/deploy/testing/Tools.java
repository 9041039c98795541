package io.tallygate.deploy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of the machine that a test runs. Where they are missing the test is skipped, unless they are required. */
public final class Tools {
    /** The environment variable that makes a missing program a failure. */
    public static final String REQUIRED = "TEST_TOOLS_REQUIRED";

    private static final List<String> BROWSERS =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static final Path DEBIAN_POSTGRES = Path.of("/usr/lib/postgresql");

    private Tools() {}

    /** A browser of Chromium's kind. */
    public static Path requireBrowser() {
        Optional<Path> browser =
                BROWSERS.stream().flatMap(name -> find(name).stream()).findFirst();
        if (browser.isEmpty()) {
            missing("no browser of " + BROWSERS + " is on the PATH");
        }
        return browser.orElseThrow();
    }

    /** A curl that has this option. */
    public static void requireCurl(String httpVersion) throws IOException {
        if (find("curl").isEmpty()) {
            missing("curl is not on the PATH");
        }
        Process version = new ProcessBuilder("curl", "--version").start();
        String features = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (httpVersion.equals("--http2") && !features.contains("HTTP2")) {
            missing("curl does not speak HTTP/2");
        }
    }

    /** The directory of a Postgres server's programs, those for backups among them. */
    public static Path requirePostgres() throws IOException {
        Optional<Path> binaries = find("pg_basebackup").map(Path::getParent).filter(Tools::hasServer);
        if (binaries.isEmpty() && Files.isDirectory(DEBIAN_POSTGRES)) {
            try (Stream<Path> versions = Files.list(DEBIAN_POSTGRES)) {
                binaries = versions.map(version -> version.resolve("bin"))
                        .filter(Tools::hasServer)
                        .max(Comparator.naturalOrder());
            }
        }
        if (binaries.isEmpty()) {
            missing("no Postgres server with initdb and pg_basebackup is there");
        }
        return binaries.orElseThrow();
    }

    private static boolean hasServer(Path binaries) {
        return Files.isExecutable(binaries.resolve("initdb")) && Files.isExecutable(binaries.resolve("pg_basebackup"));
    }

    /** A program. */
    public static void require(String program) {
        if (find(program).isEmpty()) {
            missing(program + " is not on the PATH");
        }
    }

    private static Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void missing(String what) {
        assertThat(System.getenv(REQUIRED)).as(what).isNull();
        System.err.println("NOT TESTED: " + what);
        abort(what);
    }
}
