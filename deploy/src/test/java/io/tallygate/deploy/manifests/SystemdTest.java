package io.tallygate.deploy.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.config.Configuration;
import io.tallygate.deploy.config.MigrationSettings;
import io.tallygate.deploy.config.ServeConfig;
import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.deploy.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The units for systemd and their installation, without a systemd that runs. */
final class SystemdTest {
    private static final Path ROOT = Path.of("systemd");
    private static final Path CONFIG = ROOT.resolve("tallygate.yaml");
    private static final Path MOUNTED = Path.of("/etc/tallygate/tallygate.yaml");
    private static final Path CREDENTIALS = Path.of("/run/credentials");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"tallygate.service", "tallygate-migrate.service"})
    void systemdKnowsWhatTheUnitSaysAndFindsItSafe(String unit) throws Exception {
        Tools.require("systemd-analyze");
        Path copy = directory.resolve(unit);
        // What it starts is not installed here.
        Files.writeString(copy, Files.readString(ROOT.resolve(unit)).replace("/usr/bin/tallygate", "/bin/true"));

        assertThat(run("systemd-analyze", "verify", "--man=no", copy.toString()))
                .isEmpty();
        run("systemd-analyze", "security", "--offline=true", "--threshold=20", copy.toString());
    }

    @Test
    void theServiceTakesTheConfiguration() throws Exception {
        Configuration configuration = load("tallygate.service", Purpose.SERVE);
        ServeConfig config = ServeConfig.from(configuration);

        assertThat(configuration.warnings()).isEmpty();
        assertThat(config.http().tls()).isPresent();
        assertThat(Duration.ofSeconds(Long.parseLong(only("tallygate.service", "TimeoutStopSec=(\\d+)s"))))
                .isGreaterThanOrEqualTo(config.stopTimeout().plusSeconds(5));
    }

    @Test
    void theMigrationTakesTheConfiguration() throws Exception {
        assertThat(MigrationSettings.from(load("tallygate-migrate.service", Purpose.MIGRATE))
                        .ownerUser())
                .isEqualTo("tallygate_owner");
    }

    @Test
    void installsTwiceAndKeepsWhatIsThere() throws Exception {
        Path deploy = directory.resolve("deploy");
        Files.createDirectories(deploy.resolve("target/lib"));
        Files.createDirectories(deploy.resolve("systemd"));
        for (String file : List.of(
                "tallygate",
                "README.md",
                "systemd/install",
                "systemd/tallygate.yaml",
                "systemd/tallygate.service",
                "systemd/tallygate-migrate.service")) {
            Files.copy(Path.of(file), deploy.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Files.copy(Path.of("../LICENSE"), directory.resolve("LICENSE"));
        Files.writeString(deploy.resolve("target/tallygate.jar"), "one");
        Files.writeString(deploy.resolve("target/lib/a.jar"), "a");
        Path root = directory.resolve("root");
        Path config = root.resolve("etc/tallygate/tallygate.yaml");
        Path secret = root.resolve("etc/tallygate/secrets/continuation.secret");

        install(deploy, root);
        assertThat(Files.readString(root.resolve("usr/share/tallygate/current/tallygate.jar")))
                .isEqualTo("one");
        assertThat(root.resolve("usr/bin/tallygate")).isExecutable();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret.getParent())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        String kept = Files.readString(secret);
        assertThat(kept.length()).isGreaterThanOrEqualTo(32);

        Files.writeString(config, "mine");
        Files.writeString(deploy.resolve("target/tallygate.jar"), "two");
        install(deploy, root);
        install(deploy, root);
        assertThat(Files.readString(root.resolve("usr/share/tallygate/current/tallygate.jar")))
                .isEqualTo("two");
        assertThat(Files.readString(config)).isEqualTo("mine");
        assertThat(Files.readString(secret)).isEqualTo(kept);
        Files.writeString(deploy.resolve("target/tallygate.jar"), "three");
        install(deploy, root);
        try (Stream<Path> releases = Files.list(root.resolve("usr/share/tallygate"))) {
            assertThat(releases.filter(Files::isDirectory).filter(each -> !Files.isSymbolicLink(each)))
                    .as("this release and the one before")
                    .hasSize(2);
        }
    }

    private static Configuration load(String unit, Purpose purpose) throws Exception {
        List<String> credentials = all(unit, "LoadCredential=([\\w.]+):/etc/tallygate/secrets/\\1\\n");
        Map<String, String> environment = all(unit, "Environment=(TALLYGATE_\\w+=.*)\\n").stream()
                .map(line -> line.replace("%d", CREDENTIALS.toString()).split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        Deployed deployed = new Deployed(
                CONFIG,
                MOUNTED,
                file -> file.equals(MOUNTED.resolveSibling("tls.crt"))
                        || (file.startsWith(CREDENTIALS)
                                && credentials.contains(file.getFileName().toString())));
        return deployed.load(environment, purpose);
    }

    private static String only(String unit, String pattern) throws IOException {
        return all(unit, pattern).get(0);
    }

    private static List<String> all(String unit, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(ROOT.resolve(unit)))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static void install(Path deploy, Path root) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(deploy.resolve("systemd/install").toString());
        builder.environment().put("DESTDIR", root.toString());
        finish(builder);
    }

    private static String run(String... command) throws Exception {
        return finish(new ProcessBuilder(command));
    }

    private static String finish(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
