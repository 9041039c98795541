package io.tallygate.deploy.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The image's recipe, without Docker. */
final class DockerfileTest {
    @Test
    void itsFilesAreThere() throws Exception {
        assertThat(Images.find("(?m)^USER (\\d+):\\1$")).isEqualTo("10001");
        assertThat(Path.of("..", Images.find("&& (deploy/docker/layout) deploy")))
                .isExecutable();
        assertThat(Path.of("..", Images.find("COPY (deploy/docker/modules) "))).exists();
        assertThat(Images.find("(?m)^EXPOSE (.*)$")).isEqualTo("8443 9090");
        assertThat(Path.of("../.dockerignore")).exists();
    }

    /** Whether they are enough shows when a server runs on them: README.md there says how. */
    @Test
    void theModulesAreThoseOfJava() throws Exception {
        assertThat(Files.readAllLines(Path.of("docker/modules")))
                .isSorted()
                .allMatch(module -> ModuleFinder.ofSystem().find(module).isPresent());
    }
}
