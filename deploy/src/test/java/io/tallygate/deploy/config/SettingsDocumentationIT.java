package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.config.Setting.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's settings are those of the program. */
final class SettingsDocumentationIT {
    private static final Pattern TABLE =
            Pattern.compile("(?<=<!-- settings -->\n).*(?=<!-- /settings -->)", Pattern.DOTALL);
    private static final Pattern EXAMPLE = Pattern.compile("(?<=```yaml\n).*?(?=```)", Pattern.DOTALL);

    @Test
    void theTableIsThatOfTheSettings() throws IOException {
        assertThat(find(TABLE)).isEqualTo(table());
    }

    @Test
    void theExampleIsAWholeConfiguration() throws Exception {
        String example = find(EXAMPLE);

        assertThat(ServeConfig.from(Sample.load(example, Map.of(), Purpose.SERVE))
                        .http()
                        .tls())
                .isPresent();
        assertThat(MigrationSettings.from(Sample.load(example, Map.of(), Purpose.MIGRATE))
                        .ownerUser())
                .isEqualTo("tallygate_owner");
    }

    private static String find(Pattern pattern) throws IOException {
        Matcher matcher = pattern.matcher(Files.readString(Path.of("README.md")));
        assertThat(matcher.find()).isTrue();
        return matcher.group();
    }

    private static String table() {
        return Settings.all().stream()
                .map(SettingsDocumentationIT::row)
                .collect(Collectors.joining("", "| setting | type | default | for |\n|---|---|---|---|\n", ""));
    }

    private static String row(Setting<?> setting) {
        String fallback = setting.defaultText()
                .map(text -> text.isEmpty() ? "empty" : "`" + text + "`")
                .orElse(setting.requiredBy().isEmpty() ? "" : "**required**");
        String type = setting.type().name() + (setting.secret() ? ", secret" : "");
        return "| `" + setting.key() + "` | " + type + " | " + fallback + " | " + setting.description() + " |\n";
    }
}
