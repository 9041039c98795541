package io.tallygate.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tallygate.deploy.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alerts are about metrics that there are, and Prometheus' own tool takes them. */
final class DashboardAndAlertsTest {
    private static final Path DIRECTORY = Path.of("observability");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\|");
    private static final Pattern NAME = Pattern.compile("\\b(?:tallygate|jvm|process|vertx|system)_\\w+");
    private static final Pattern PART = Pattern.compile("_(bucket|count|sum)$");
    private static final Set<String> SEVERITIES = Set.of("critical", "warning", "info");

    @TempDir
    private Path directory;

    @Test
    void everyMetricIsInTheTable() throws IOException {
        Map<String, String> types = DOCUMENTED
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2), (one, other) -> one));
        Set<String> unknown = new TreeSet<>();
        for (String expression : expressions()) {
            NAME.matcher(expression)
                    .results()
                    .map(MatchResult::group)
                    .filter(name -> !isKnown(name, types))
                    .forEach(unknown::add);
        }

        assertThat(unknown).isEmpty();
    }

    // Histograms and summaries have parts.
    private static boolean isKnown(String name, Map<String, String> types) {
        String whole = PART.matcher(name).replaceFirst("");
        return types.containsKey(name)
                || (!whole.equals(name) && Set.of("histogram", "summary").contains(types.getOrDefault(whole, "")));
    }

    @Test
    void everyAlertSaysWhatToDo() throws IOException {
        String runbook = Files.readString(DIRECTORY.resolve("README.md"));
        Set<String> described = Pattern.compile("(?m)^### (\\w+)$")
                .matcher(runbook)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> alerts = new TreeSet<>();
        for (JsonNode alert : alerts()) {
            String name = alert.path("alert").asText();
            alerts.add(name);
            assertThat(SEVERITIES)
                    .as(name)
                    .contains(alert.at("/labels/severity").asText());
            assertThat(alert.at("/annotations/summary").asText()).as(name).isNotEmpty();
            assertThat(alert.at("/annotations/description").asText()).as(name).isNotEmpty();
            assertThat(alert.at("/annotations/runbook").asText())
                    .isEqualTo("deploy/observability/README.md#" + name.toLowerCase(Locale.ROOT));
        }

        assertThat(described).isEqualTo(alerts);
    }

    @Test
    void prometheusTakesTheRulesAndTheyFireWhenTheyShould() throws IOException, InterruptedException {
        Tools.require("promtool");
        promtool("check", "config", DIRECTORY.resolve("prometheus.yaml").toString());
        promtool("test", "rules", DIRECTORY.resolve("alerts-test.yaml").toString());
    }

    /** As recording rules: that is how the tool reads expressions without a server. */
    @Test
    void prometheusTakesEveryExpressionOfTheDashboard() throws IOException, InterruptedException {
        Tools.require("promtool");
        List<Map<String, String>> rules = new ArrayList<>();
        for (String expression : panelExpressions()) {
            rules.add(Map.of(
                    "record",
                    "panel:" + rules.size(),
                    "expr",
                    expression.replace("$__rate_interval", "1m").replace("$instance", ".*")));
        }
        Path file = directory.resolve("panels.yaml");
        new YAMLMapper().writeValue(file.toFile(), Map.of("groups", List.of(Map.of("name", "panels", "rules", rules))));

        assertThat(rules).hasSizeGreaterThan(40);
        promtool("check", "rules", file.toString());
    }

    @Test
    void panelsDoNotOverlapAndSayWhatTheyShow() throws IOException {
        Set<String> taken = new TreeSet<>();
        for (JsonNode panel : dashboard().path("panels")) {
            JsonNode at = panel.path("gridPos");
            for (int x = at.path("x").asInt();
                    x < at.path("x").asInt() + at.path("w").asInt();
                    x++) {
                for (int y = at.path("y").asInt();
                        y < at.path("y").asInt() + at.path("h").asInt();
                        y++) {
                    assertThat(x).isLessThan(24);
                    assertThat(taken.add(x + "," + y))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
            if (!panel.path("type").asText().equals("row")) {
                assertThat(panel.path("description").asText()).isNotEmpty();
            }
        }
    }

    private static void promtool(String... arguments) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(tool.waitFor()).as(said).isZero();
    }

    private static List<String> expressions() throws IOException {
        List<String> all = new ArrayList<>(panelExpressions());
        alerts().forEach(alert -> all.add(alert.path("expr").asText()));
        return all;
    }

    private static List<String> panelExpressions() throws IOException {
        List<String> all = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            panel.path("targets").forEach(target -> all.add(target.path("expr").asText()));
        }
        return all;
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(DIRECTORY.resolve("grafana-dashboard.json").toFile());
    }

    private static JsonNode alerts() throws IOException {
        return new YAMLMapper()
                .readTree(DIRECTORY.resolve("alerts.yaml").toFile())
                .at("/groups/0/rules");
    }
}
