package io.tallygate.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallygate.deploy.config.Setting.Purpose;
import io.tallygate.gateway.collect.SourceConfig;
import io.tallygate.gateway.collect.SourceType;
import io.tallygate.routing.commerce.AdapterType;
import io.tallygate.routing.commerce.EndpointConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's settings are those of the program. */
final class SettingsDocumentationIT {
    private static final Pattern TABLE =
            Pattern.compile("(?<=<!-- settings -->\n).*(?=<!-- /settings -->)", Pattern.DOTALL);
    private static final Pattern ADAPTERS =
            Pattern.compile("(?<=<!-- adapters -->\n).*(?=<!-- /adapters -->)", Pattern.DOTALL);
    private static final Pattern RELOADABLE = Pattern.compile("(?<=<!-- reloadable -->).*(?=<!-- /reloadable -->)");
    private static final Pattern EXAMPLE = Pattern.compile("(?<=```yaml\n).*?(?=```)", Pattern.DOTALL);

    @Test
    void theTableIsThatOfTheSettings() throws IOException {
        assertThat(find(TABLE)).isEqualTo(table());
    }

    @Test
    void whatAReloadChangesIsListed() throws IOException {
        assertThat(find(RELOADABLE))
                .isEqualTo(Settings.all().stream()
                        .filter(Setting::reloadable)
                        .map(setting -> "`" + setting.key() + "`")
                        .collect(Collectors.joining(", ")));
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

    @Test
    void theExampleOfEndpointsHasOneOfEachKind() throws Exception {
        ServeConfig config =
                example("delivery", "marketplace.secret", "openmeter.token", "killbill.secret", "killbill.password");

        assertThat(config.delivery().endpoints())
                .extracting(EndpointConfig::adapter)
                .containsExactlyElementsOf(AdapterType.ALL);
    }

    @Test
    void theExampleOfSourcesHasOneOfEachKind() throws Exception {
        ServeConfig config = example("collect", "north.secret", "south.secret", "openstack.secret");

        Set<SourceType> types = config.collect().sources().stream()
                .map(SourceConfig::type)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(SourceType.class)));
        if (!config.collect().directories().isEmpty()) {
            types.add(SourceType.directory);
        }
        assertThat(types).containsExactly(SourceType.values());
    }

    @Test
    void everyFieldOfASourceIsDescribed() throws Exception {
        String section = readme().replaceFirst("(?s).*\n## Collect\n", "").replaceFirst("(?s)\n## .*", "");

        assertThat(SourceReader.fields()).allMatch(field -> section.contains("`" + field + "`"));
    }

    /** The example of a section, as a whole configuration beside these files. */
    private static ServeConfig example(String section, String... secrets) throws Exception {
        String example = readme().substring(readme().indexOf("```yaml\n" + section + ":") + "```yaml\n".length());
        Map<Path, String> files = new HashMap<>();
        files.put(Sample.FILE, example.substring(0, example.indexOf("```")));
        for (String secret : secrets) {
            files.put(Path.of("/etc/tallygate").resolve(secret), "secret\n");
        }
        return ServeConfig.from(new ConfigLoader(Sample.environment(), Sample.files(files))
                .load(Optional.of(Sample.FILE), Purpose.SERVE));
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }

    @Test
    void theTableOfAdaptersHasAllTheirOptions() throws IOException {
        assertThat(find(ADAPTERS).lines().skip(2).map(line -> line.replaceFirst("[^|]*\\|$", "")))
                .containsExactlyElementsOf(AdapterType.ALL.stream()
                        .map(type -> "| `" + type.name() + "` | " + names(type.required()) + " | "
                                + names(type.optional()) + " |")
                        .toList());
    }

    private static String names(Set<String> options) {
        return options.stream().sorted().map(option -> "`" + option + "`").collect(Collectors.joining(", "));
    }

    private static String find(Pattern pattern) throws IOException {
        Matcher matcher = pattern.matcher(readme());
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
