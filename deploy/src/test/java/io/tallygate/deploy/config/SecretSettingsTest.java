package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.config.Setting.Purpose;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No secret setting is ever shown, wherever it was written and however wrong it is. */
final class SecretSettingsTest {
    private static final Path FILE = Path.of("/etc/tallygate/canary");

    /** Values that are wrong, and hold the secret. */
    private static final List<UnaryOperator<String>> SPOILT = List.of(
            value -> value,
            value -> "[" + value,
            value -> "{\"" + value,
            value -> "[{\"name\": \"" + Canaries.MARK + "\", \"token\": 1}]",
            value -> "[{\"adapter\": \"" + Canaries.MARK + "\", \"url\": \"ftp://x:" + Canaries.MARK + "@y\"}]",
            value -> value.replace(Canaries.MARK, Canaries.MARK + "\u0007"),
            value -> value.replace(Canaries.MARK, Canaries.MARK + "\n"),
            value -> Canaries.MARK.substring(0, 31),
            value -> value + "," + value);

    static List<Setting<?>> secrets() {
        return Canaries.settings();
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void isNeverShown(Setting<?> setting) {
        for (UnaryOperator<String> spoil : SPOILT) {
            String value = spoil.apply(Canaries.of(setting));
            assertHidden(Map.of(setting.environmentName(), value), "", Map.of());
            assertHidden(Map.of(setting.fileEnvironmentName(), value), "", Map.of());
            assertHidden(Map.of(setting.fileEnvironmentName(), FILE.toString()), "", Map.of(FILE, value));
            assertHidden(Map.of(), setting.key() + ": '" + value.replace("'", "''") + "'", Map.of());
            assertHidden(Map.of(), setting.key() + ": " + value, Map.of());
            assertHidden(Map.of(), setting.key() + "s: " + value, Map.of());
            assertHidden(Map.of(), setting.fileKey() + ": " + FILE, Map.of(FILE, value));
        }
    }

    private static void assertHidden(Map<String, String> variables, String text, Map<Path, String> files) {
        Map<String, String> environment = new HashMap<>(Sample.environment());
        Settings.all().stream()
                .filter(setting -> text.startsWith(setting.key()))
                .forEach(written -> {
                    environment.remove(written.environmentName());
                });
        variables.forEach((name, value) -> environment.remove(name.replaceFirst("_FILE$", "")));
        environment.putAll(variables);
        Map<Path, String> all = new HashMap<>(files);
        all.put(Sample.FILE, text);
        ConfigLoader loader = new ConfigLoader(environment, Sample.files(all));
        for (Purpose purpose : Purpose.values()) {
            assertThat(shown(loader, purpose))
                    .as("%s %s", variables.keySet(), text)
                    .isNotEmpty()
                    .doesNotContain(Canaries.MARK.substring(0, 31));
        }
    }

    /** Everything that is said of a configuration. */
    private static String shown(ConfigLoader loader, Purpose purpose) {
        try {
            Configuration configuration = loader.load(Optional.of(Sample.FILE), purpose);
            Object config =
                    purpose == Purpose.SERVE ? ServeConfig.from(configuration) : MigrationSettings.from(configuration);
            return configuration.describe() + "\n" + configuration.warnings() + "\n" + config;
        } catch (ConfigException wrong) {
            return wrong.toString();
        }
    }
}
