package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a source tree of its own, with a Maven and a Java that only note how they are called. */
@DisabledOnOs(OS.WINDOWS)
final class LauncherIT {
    private static final String MAVEN = """
            echo "mvn $*" >> "$CALLS"
            echo "to stdout"
            sleep 0.2
            [ -z "${MAVEN_FAILS:-}" ] || exit 1
            # As Maven does: a jar whose own module did not change is left as it is.
            [ -f deploy/target/tallygate.jar ] || touch deploy/target/tallygate.jar
            """;
    private static final String JAVA = """
            if [ "$1" = -version ]; then
              echo "openjdk version \\"${JAVA_SAYS:-17.0.1}\\" 2021-10-19" >&2
              exit 0
            fi
            echo "java $*" >> "$CALLS"
            exit 7
            """;

    @TempDir
    private Path directory;

    private Path tree;
    private Path jar;
    private Path launcher;

    @BeforeEach
    void layOut() throws IOException {
        tree = directory.resolve("a tree");
        launcher = tree.resolve("deploy/tallygate");
        jar = tree.resolve("deploy/target/tallygate.jar");
        write(tree.resolve("pom.xml"), "");
        write(tree.resolve("store/pom.xml"), "");
        write(tree.resolve("store/src/main/java/Store.java"), "");
        write(tree.resolve("store/src/test/java/StoreTest.java"), "");
        write(tree.resolve("deploy/src/main/java/Main.java"), "");
        Files.copy(Path.of("tallygate"), launcher);
        executable(launcher);
        script("mvn", MAVEN);
        script("java", JAVA);
    }

    @Test
    void buildsOnFirstUseAndThenRunsWithTheArguments() throws Exception {
        Run run = run("serve", "--config", "a file");

        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).contains("tallygate: first use: building", "to stdout", "tallygate: built in");
        assertThat(calls()).hasSize(2);
        assertThat(calls().get(0)).startsWith("mvn ").contains("-DskipTests").endsWith(" package");
        assertThat(calls().get(1)).isEqualTo("java -XX:+ExitOnOutOfMemoryError -jar " + jar + " serve --config a file");
    }

    @Test
    void doesNotBuildAgainWhenNothingChanged() throws Exception {
        run();
        Run second = run();

        assertThat(calls()).filteredOn(call -> call.startsWith("mvn")).hasSize(1);
        assertThat(second.errors()).isEmpty();
    }

    @Test
    void buildsOnceWhenASourceOfAnyModuleIsNewer() throws Exception {
        run();
        old(jar);
        run();
        run();

        assertThat(calls()).filteredOn(call -> call.startsWith("mvn")).hasSize(2);
    }

    @Test
    void changedTestsDoNotBuild() throws Exception {
        run();
        Files.setLastModifiedTime(
                tree.resolve("store/src/test/java/StoreTest.java"),
                FileTime.from(Instant.now().plusSeconds(60)));
        run();

        assertThat(calls()).filteredOn(call -> call.startsWith("mvn")).hasSize(1);
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        Process one = start(launcher, Map.of());
        Process other = start(launcher, Map.of());
        one.waitFor();
        other.waitFor();

        assertThat(calls()).filteredOn(call -> call.startsWith("mvn")).hasSize(1);
        assertThat(calls()).filteredOn(call -> call.startsWith("java")).hasSize(2);
    }

    @Test
    void findsItselfThroughSymbolicLinks() throws Exception {
        Path links = Files.createDirectories(directory.resolve("links"));
        Files.createSymbolicLink(links.resolve("one"), Path.of("../a tree/deploy/tallygate"));
        Files.createSymbolicLink(directory.resolve("two"), links.resolve("one"));

        assertThat(finish(start(directory.resolve("two"), Map.of())).exitCode()).isEqualTo(7);
        assertThat(calls().get(1)).isEqualTo("java -XX:+ExitOnOutOfMemoryError -jar " + jar);
    }

    @Test
    void aFailedBuildEndsWithOneAndRunsNothing() throws Exception {
        Run run = finish(start(launcher, Map.of("MAVEN_FAILS", "yes")));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("tallygate: the build failed");
        assertThat(calls()).hasSize(1);
    }

    @Test
    void runsAnInstalledCopyWithoutMavenAndSources() throws Exception {
        Path installed = directory.resolve("installed");
        Path copy = installed.resolve("deploy/tallygate");
        write(installed.resolve("deploy/target/tallygate.jar"), "");
        Files.copy(launcher, copy);
        executable(copy);
        Files.delete(directory.resolve("bin/mvn"));

        assertThat(finish(start(copy, Map.of())).exitCode()).isEqualTo(7);
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        Files.delete(directory.resolve("bin/mvn"));
        Run run = finish(start(launcher, Map.of("PATH", pathWithoutMaven())));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("needs Maven to build on first use");
    }

    @Test
    void refusesAnOldJava() throws Exception {
        for (String version : List.of("1.8.0_402", "11.0.2")) {
            Run run = finish(start(launcher, Map.of("JAVA_SAYS", version)));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errors()).contains("needs Java 17 or later", version);
        }
    }

    @Test
    void takesJavaAndItsOptionsFromTheEnvironment() throws Exception {
        Path home = Files.createDirectories(directory.resolve("java home/bin")).getParent();
        Files.move(directory.resolve("bin/java"), home.resolve("bin/java"));
        Run run = finish(start(
                launcher,
                Map.of("JAVA_HOME", home.toString(), "TALLYGATE_JAVA_OPTS", "-Xmx1g -Da=b", "JAVA_SAYS", "25")));

        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(calls().get(1)).endsWith(" -Xmx1g -Da=b -jar " + jar).contains("--enable-native-access");
    }

    @Test
    void saysThatJavaHomeIsWrong() throws Exception {
        Run run = finish(start(launcher, Map.of("JAVA_HOME", "/nowhere")));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("JAVA_HOME is /nowhere");
    }

    /** What a run left. */
    record Run(int exitCode, String output, String errors) {}

    private Run run(String... args) throws Exception {
        return finish(start(launcher, Map.of(), args));
    }

    private Process start(Path script, Map<String, String> environment, String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(script.toString());
        builder.command().addAll(List.of(args));
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("TALLYGATE_JAVA_OPTS");
        builder.environment().put("CALLS", directory.resolve("calls").toString());
        builder.environment().merge("PATH", directory.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Run finish(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output, errors);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(directory.resolve("calls"));
    }

    /** The tools that the script needs, and nothing else. */
    private String pathWithoutMaven() throws IOException {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : List.of("bash", "readlink", "dirname", "sed", "head", "find")) {
            Path real = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool);
            write(tools.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
            executable(tools.resolve(tool));
        }
        Files.move(directory.resolve("bin/java"), tools.resolve("java"));
        return tools.toString();
    }

    private void script(String name, String body) throws IOException {
        Path file = directory.resolve("bin").resolve(name);
        write(file, "#!/usr/bin/env bash\n" + body);
        executable(file);
    }

    private static void old(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
