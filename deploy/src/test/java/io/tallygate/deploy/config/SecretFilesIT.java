package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.config.Setting.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file with a secret that every user of the machine may read is named; the others are not. */
@DisabledOnOs(OS.WINDOWS)
final class SecretFilesIT {
    @TempDir
    private Path directory;

    @Test
    void filesThatEverybodyMayReadAreNamed() throws Exception {
        Path password = file("password", "rw-r--r--", "app-password");
        Path token = file("token", "rw----r--", "a-token");
        Path config = file("tallygate.yaml", "rw-r--r--", """
                database: {passwordFile: password}
                continuation: {secretFile: secret}
                delivery:
                  endpoints: [{name: default, adapter: cloudevents, url: "https://e.example.com", tokenFile: token}]
                """);
        file("secret", "rw-r-----", Sample.SECRET);

        assertThat(warnings(config, "TALLYGATE_DATABASE_PASSWORD", "TALLYGATE_CONTINUATION_SECRET"))
                .satisfiesExactly(names(password), names(token));
    }

    @Test
    void aConfigurationFileWithASecretInItIsNamed() throws Exception {
        Path config = file("tallygate.yaml", "rw-r--r--", "database: {password: app-password}");

        assertThat(warnings(config)).satisfiesExactly(names(config));
    }

    @Test
    void aConfigurationFileWithASecretOfAnEndpointInItIsNamed() throws Exception {
        Path config = file(
                "tallygate.yaml",
                "rw-r--r--",
                "delivery: {endpoints: [{name: default, adapter: cloudevents, url: 'https://e', token: hunter2}]}");

        assertThat(warnings(config)).satisfiesExactly(names(config));
    }

    @Test
    void theKeyOfTheCertificateIsASecretAndTheCertificateIsNot() throws Exception {
        Path key = file("tls.key", "rw-r--r--", Sample.KEY);
        file("tls.crt", "rw-r--r--", Sample.CERTIFICATE);
        Path config = file("tallygate.yaml", "rw-r--r--", "http: {tls: {certificate: tls.crt, key: tls.key}}");

        assertThat(warnings(config)).satisfiesExactly(names(key));
    }

    private static ThrowingConsumer<String> names(Path file) {
        return warning ->
                assertThat(warning).startsWith(file + " holds a secret").doesNotContain("hunter2");
    }

    /** What is warned of when these variables are not set, so that the file is read. */
    private static List<String> warnings(Path config, String... unset) throws ConfigException {
        Map<String, String> environment = Sample.environment();
        environment.keySet().removeAll(Set.of(unset));
        return new ConfigLoader(environment, TextFiles.disk())
                .load(Optional.of(config), Purpose.SERVE).warnings().stream()
                        .filter(warning -> warning.contains("secret"))
                        .toList();
    }

    private Path file(String name, String permissions, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
